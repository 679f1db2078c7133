import UponCore

extension CompletionScripts {
  static let zsh = """
    #compdef upon
    # Completion of upon's command line for zsh.
    # Written by `make completions` from the tables of upon's parser.

    # What can stand where: rows of TEXT:MEANING.
    _upon_table() {
      case $1 in
    \(zshTable)
        *) reply=() ;;
      esac
    }

    # Offers rows under a heading; where SUFFIX is empty no space follows.
    _upon_offer() {
      local heading=$1 table=$2
      local -a reply open closed
      _upon_table $table
      open=(${(M)reply:#*[=:]:*})
      closed=(${reply:#*[=:]:*})
      # A row whose text ends in : has it escaped, so that the meaning begins at the first bare one.
      (( ! $#open )) || _describe -t $heading $heading open -S ''
      (( ! $#closed )) || _describe -t $heading $heading closed
    }

    # Completes the value of an option.
    _upon_option_value() {
      local -a reply
      _upon_table "value $1"
      if [[ $reply[1] == +file: ]]; then
        _files
      else
        _upon_offer value "value $1"
      fi
    }

    # Completes the address of the current word, which is a source.
    _upon_address() {
      local -a reply
      _upon_table "address ${PREFIX%%:*}"
      compset -P 1 '*:'
      case $reply[1] in
        +file:) _files ;;
        +socket:) _files -g '*(=)' ;;
        +host:) [[ $PREFIX == *:* ]] || _hosts -S : ;;
        +signals:)
          compset -P '*,'
          _upon_offer signal signals
          ;;
        *) return 1 ;;
      esac
    }

    # Completes the value of the current word, which is a setting.
    _upon_value() {
      local setting=${PREFIX%%=*} before
      local -a reply names
      compset -P 1 '*='
      _upon_table "values $context $setting"
      case $reply[1] in
        +file:) _files ;;
        +events:)
          _upon_table "events $context"
          names=($reply)
          [[ $PREFIX == *[,+]* ]] || names+=('all:every event')
          # Each stands once.
          for before in ${(s:,:)${${PREFIX#+}%,*}}; do
            [[ $PREFIX != *,* ]] || names=(${names:#$before:*})
          done
          compset -P '*,' || compset -P '+'
          _describe -t events event names
          ;;
        +ending:)
          _upon_table "events $context"
          names=(${reply/:/\\\\::})
          _describe -t events event names -S ''
          ;;
        *) (( ! $#reply )) || _describe -t values value reply ;;
      esac
    }

    _upon() {
      local context=none expects word options=yes
      local -a names=(\(Kind.all.map(\.name).joined(separator: " "))) reply
      local -i i

      # What the words before the current one leave open.
      for ((i = 2; i < CURRENT; i++)); do
        word=$words[i]
        if [[ -n $expects ]]; then
          expects=
          continue
        fi
        case $word in
          --)
            shift $i words
            ((CURRENT -= i))
            _normal
            return
            ;;
          --*)
            _upon_table valued
            (( ! $reply[(Ie)$word:] )) || expects=$word
            ;;
          -*) [[ ! $word =~ '\(Option.shortBeforeValue)' ]] || expects=-$word[-1] ;;
          do) context=do expects=do options= ;;
          print|kill|ignore|or) context=$word ;;
          *) (( ! $names[(Ie)${word%%:*}] )) || context=${word%%:*} ;;
        esac
      done

      case $expects in
        do)
          _cmdstring
          return
          ;;
        -*)
          _upon_option_value $expects
          return
          ;;
      esac
      case $PREFIX in
        --*=*)
          word=${PREFIX%%=*}
          compset -P 1 '*='
          _upon_option_value $word
          ;;
        -*) [[ -z $options ]] || _upon_offer option options ;;
        # In a word the first of : and = decides.
        [^=]#:*) _upon_address ;;
        *=*) _upon_value ;;
        *)
          _upon_offer setting "settings $context"
          _upon_offer word "words $context"
          _upon_offer source kinds
          ;;
      esac
    }

    _upon "$@"

    """

  private static let zshTable: String = {
    var rows: [(key: String, offers: [Offer])] = [
      ("kinds", Offers.kinds),
      ("signals", Offers.signals.map { Offer(text: $0, help: "") }),
      (
        "options",
        Option.all.flatMap { option in option.spellings.map { Offer(text: $0, help: option.help) } }
      ),
      (
        "valued",
        Option.all.filter { $0.form != nil }.flatMap { $0.spellings.map { Offer(text: $0, help: "") } }
      ),
    ]
    for option in Option.all where !option.choices.isEmpty {
      for spelling in option.spellings {
        rows.append(("value \(spelling)", option.choices.map { Offer(text: $0, help: "") }))
      }
    }
    rows += Offers.addresses.map { ("address \($0.kind)", [Offer(text: $0.mark, help: "")]) }
    rows += Offers.settings.map { ("settings \($0.context)", $0.offers) }
    rows += Offers.words.map { ("words \($0.context)", $0.offers) }
    rows += Offers.events.map { ("events \($0.kind)", $0.offers) }
    rows += Offers.values.map {
      ("values \($0.context) \($0.setting)", $0.words.map { Offer(text: $0, help: "") })
    }
    return rows.map { row in
      let offers = row.offers.map { "\($0.text.replacing(":", with: "\\:")):\($0.help)".quoted }
      return "    \(row.key.quoted)) reply=(\(offers.joined(separator: " "))) ;;"
    }.joined(separator: "\n")
  }()
}
