import UponCore

extension CompletionScripts {
  static let bash = """
    # Completion of upon's command line for bash.
    # Written by `make completions` from the tables of upon's parser.

    # What can stand where.
    _upon_table() {
      case $1 in
    \(bashTable.map { "    \($0.key.quoted)) echo \($0.words.joined(separator: " ").quoted) ;;" }.joined(separator: "\n"))
      esac
    }

    # Offers those of the words that continue the current one.
    _upon_offer() {
      local word
      for word; do
        [[ $word != "$current"* ]] || COMPREPLY+=("${word#"${current%"$typed"}"}")
      done
      if ((${#COMPREPLY[@]} == 1)) && [[ ${COMPREPLY[0]} == *[:=] ]]; then
        compopt -o nospace
      fi
    }

    # Offers files; VALUE is the end of the current word.
    _upon_file() {
      local value=$1
      compopt -o filenames
      mapfile -t COMPREPLY < <(compgen -f -- "$value")
      # The line editor may take the whole word for the file, where : and = do not split words.
      local before=${current%"$value"}
      [[ $typed != "$before"* ]] || COMPREPLY=("${COMPREPLY[@]/#/$before}")
    }

    # Offers sockets, and folders on the way to them; any file where there are none.
    _upon_socket() {
      local file
      local -a found=()
      _upon_file "$1"
      for file in "${COMPREPLY[@]}"; do
        local path=${file#"$kind:"}
        [[ ! -S $path && ! -d $path ]] || found+=("$file")
      done
      ((!${#found[@]})) || COMPREPLY=("${found[@]}")
    }

    # Offers what the address of the current word, which is a source, may be.
    _upon_address() {
      local kind=${current%%:*} value=${current#*:} word
      case $(_upon_table "address $kind") in
        +file) _upon_file "$value" ;;
        +socket) _upon_socket "$value" ;;
        +host)
          [[ $value != *:* ]] || return
          if declare -F _known_hosts_real >/dev/null; then
            _known_hosts_real -- "$value"
          else
            mapfile -t COMPREPLY < <(compgen -A hostname -- "$value")
          fi
          local -a hosts=("${COMPREPLY[@]}")
          COMPREPLY=()
          # An address with colons of its own would have to stand in brackets.
          for word in $(printf '%s\n' "${hosts[@]}" | grep -v : | sort -u); do
            _upon_offer "$kind:$word:"
          done
          ;;
        +signals)
          local before=$kind:
          [[ $current != *,* ]] || before=${current%,*},
          for word in $(_upon_table signals); do
            _upon_offer "$before$word"
          done
          ;;
      esac
    }

    # Offers the values of the current word, which is a setting.
    _upon_value() {
      local setting=${current%%=*} value=${current#*=} list word
      list=$(_upon_table "values $context $setting")
      case $list in
        +file) _upon_file "$value" ;;
        +events)
          local before=
          [[ $value != +* ]] || before=+
          [[ $value != *,* ]] || before=${value%,*},
          for word in $(_upon_table "events $context") $([[ $value == *[,+]* ]] || echo all); do
            # Each stands once.
            [[ ",${before#+}" == *",$word,"* ]] || _upon_offer "$setting=$before$word"
          done
          ;;
        +ending)
          for word in $(_upon_table "events $context"); do
            _upon_offer "$setting=$word:"
          done
          ;;
        *)
          for word in $list; do
            _upon_offer "$setting=$word"
          done
          ;;
      esac
    }

    # Completes a command line that begins at that place of COMP_WORDS, as the shell would.
    _upon_program() {
      local -i first=$1
      local name
      for name in _comp_command_offset _command_offset; do
        if declare -F "$name" >/dev/null; then
          "$name" "$first"
          return
        fi
      done
      if ((COMP_CWORD == first)); then
        [[ $typed != */* ]] || compopt -o filenames
        mapfile -t COMPREPLY < <(compgen -c -- "$typed" | sort -u)
        return
      fi
      compopt -o bashdefault -o default
      [[ $(complete -p -- "${COMP_WORDS[first]}" 2>/dev/null) =~ \\ -F\\ ([^ ]+) ]] || return
      local program=${BASH_REMATCH[1]}
      COMP_LINE=${COMP_LINE#*" -- "}
      COMP_LINE=${COMP_LINE#"${COMP_LINE%%[![:space:]]*}"}
      COMP_POINT=${#COMP_LINE}
      COMP_WORDS=("${COMP_WORDS[@]:first}")
      COMP_CWORD=$((COMP_CWORD - first))
      "$program" "${COMP_WORDS[0]}" "$typed" "${COMP_WORDS[COMP_CWORD - 1]}"
    }

    _upon() {
      local typed=$2 line=${COMP_LINE:0:COMP_POINT} word context=none expects= options=yes
      local -a words=() starts=()
      local -i i
      COMPREPLY=()

      # The line editor splits words at : and =, upon does not: what no blank separates is one word.
      for ((i = 0; i <= COMP_CWORD; i++)); do
        if ((i == 0)) || [[ $line == [[:space:]]* ]]; then
          line=${line#"${line%%[![:space:]]*}"}
          words+=('')
          starts+=("$i")
        fi
        word=${COMP_WORDS[i]}
        ((i < COMP_CWORD)) || word=$line
        words[-1]+=$word
        line=${line#*"$word"}
      done

      # What the words before the current one leave open.
      for ((i = 1; i < ${#words[@]} - 1; i++)); do
        word=${words[i]}
        if [[ $expects ]]; then
          expects=
          continue
        fi
        case $word in
          --)
            _upon_program "${starts[i + 1]}"
            return
            ;;
          --*) [[ " $(_upon_table valued) " != *" $word "* ]] || expects=$word ;;
          -*) [[ ! $word =~ \(Option.shortBeforeValue) ]] || expects=-${word: -1} ;;
          do) context=do expects=do options= ;;
          print | kill | ignore | or) context=$word ;;
          *) [[ " $(_upon_table names) " != *" ${word%%:*} "* ]] || context=${word%%:*} ;;
        esac
      done

      local current=${words[-1]}
      case $expects in
        do)
          _upon_program "${starts[-1]}"
          return
          ;;
        -*)
          word=$(_upon_table "value $expects")
          if [[ $word == +file ]]; then _upon_file "$current"; else _upon_offer $word; fi
          return
          ;;
      esac
      case $current in
        --*=*)
          if [[ $(_upon_table "value ${current%%=*}") == +file ]]; then
            _upon_file "${current#*=}"
            return
          fi
          for word in $(_upon_table "value ${current%%=*}"); do
            _upon_offer "${current%%=*}=$word"
          done
          ;;
        -*) [[ ! $options ]] || _upon_offer $(_upon_table options) ;;
        # In a word the first of : and = decides.
        *=*:*) [[ ${current%%:*} != *=* ]] || _upon_value ;;&
        *:*) [[ ${current%%:*} == *=* ]] || _upon_address ;;
        *=*) _upon_value ;;
        *) _upon_offer $(_upon_table "settings $context") $(_upon_table "words $context") $(_upon_table kinds) ;;
      esac
    }

    complete -F _upon upon

    """

  private static let bashTable: [(key: String, words: [String])] = {
    var rows: [(key: String, words: [String])] = [
      ("kinds", Offers.kinds.map(\.text)),
      ("names", Kind.all.map(\.name)),
      ("signals", Offers.signals),
      ("options", Option.all.flatMap(\.spellings)),
      ("valued", Option.all.filter { $0.form != nil }.flatMap(\.spellings)),
    ]
    for option in Option.all where !option.choices.isEmpty {
      rows += option.spellings.map { ("value \($0)", option.choices) }
    }
    rows += Offers.addresses.map { ("address \($0.kind)", [$0.mark]) }
    rows += Offers.settings.map { ("settings \($0.context)", $0.offers.map(\.text)) }
    rows += Offers.words.map { ("words \($0.context)", $0.offers.map(\.text)) }
    rows += Offers.events.map { ("events \($0.kind)", $0.offers.map(\.text)) }
    rows += Offers.values.map { ("values \($0.context) \($0.setting)", $0.words) }
    return rows
  }()
}
