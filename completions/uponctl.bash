# Completion of uponctl's command line for bash. Names come from the running upon, the words of a rule from
# upon's own completion.

# Offers those of the words that continue the current one.
_uponctl_offer() {
  local word
  for word; do
    [[ $word != "$current"* ]] || COMPREPLY+=("${word#"${current%"$typed"}"}")
  done
}

# Offers what the running upon has; the rest of the arguments is for `names`.
_uponctl_offer_names() {
  local name
  local -a names=()
  while IFS= read -r name; do
    printf -v name %q "$name"
    names+=("$name")
  done < <("$program" -t 2s "$socket" names "$@" 2>/dev/null)
  _uponctl_offer "${names[@]}"
}

# Offers sockets, and folders on the way to them.
_uponctl_socket() {
  local value=$current file
  [[ $current != unix:* ]] || value=${current#unix:}
  compopt -o filenames
  while IFS= read -r file; do
    [[ ! -S $file && ! -d $file ]] || COMPREPLY+=("$file")
  done < <(compgen -f -- "$value")
  # The line editor may take the whole word for the file, where : does not split words.
  local before=${current%"$value"}
  [[ $typed != "$before"* ]] || COMPREPLY=("${COMPREPLY[@]/#/$before}")
}

# Completes the rule that begins at that place of COMP_WORDS and of the line, as upon does.
_uponctl_rule() {
  local -i first=$1 begin=$2
  local file
  if ! declare -F _upon >/dev/null; then
    for file in "${BASH_SOURCE[0]%/*}"/upon{.bash,}; do
      [[ ! -r $file ]] || . "$file"
    done
    declare -F _upon >/dev/null || return
  fi
  COMP_WORDS=(upon "${COMP_WORDS[@]:first}")
  COMP_CWORD=$((COMP_CWORD - first + 1))
  COMP_LINE="upon ${COMP_LINE:begin:COMP_POINT - begin}"
  COMP_POINT=${#COMP_LINE}
  _upon upon "$typed" "${COMP_WORDS[COMP_CWORD - 1]}"
}

_uponctl() {
  local program=${1/#\~\//$HOME/} typed=$2 line=${COMP_LINE:0:COMP_POINT} word socket= command= expects= end=
  local -a words=() starts=() begins=()
  local -i i
  COMPREPLY=()

  # The line editor splits words at : and =, uponctl does not: what no blank separates is one word.
  for ((i = 0; i <= COMP_CWORD; i++)); do
    if ((i == 0)) || [[ $line == [[:space:]]* ]]; then
      line=${line#"${line%%[![:space:]]*}"}
      words+=('')
      starts+=("$i")
      begins+=("$((COMP_POINT - ${#line}))")
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
    elif [[ ! $end && $word == -- ]]; then
      end=yes
      # The rest are the words of a rule.
      [[ $command != add ]] || break
    elif [[ ! $end && $word == -?* ]]; then
      case $word in
        -t | --timeout | --data | --path) expects=yes ;;
      esac
    elif [[ ! $socket ]]; then
      socket=$word
    elif [[ ! $command ]]; then
      command=$word
    elif [[ $command == add ]]; then
      end=yes
      ((i--))
      break
    else
      end=full
      case $command in
        remove | pause | resume | trigger | watch) end= ;;
      esac
    fi
  done

  local current=${words[-1]}
  if [[ $expects ]]; then
    return
  elif [[ $command == add ]] && [[ $end || $current != -* ]]; then
    i=$((i < ${#words[@]} - 1 ? i + 1 : i))
    _uponctl_rule "${starts[i]}" "${begins[i]}"
    return
  elif [[ ! $end && $current == -* ]]; then
    case $command in
      '') _uponctl_offer -t --timeout -V --version -h --help ;;
      list | reload) _uponctl_offer --json --table ;;
      stats) _uponctl_offer --json --table --prometheus ;;
      add) _uponctl_offer --replace ;;
      trigger) _uponctl_offer --data --path ;;
      send) _uponctl_offer -n --no-newline ;;
      exit) _uponctl_offer --drain ;;
    esac
    [[ ! $socket || $command || $current != - ]] || COMPREPLY+=(-)
    return
  fi
  # A path as the shell reads it, where it is quoted.
  socket=${socket//[\\\"\']}
  socket=${socket/#\~\//$HOME/}
  if [[ ! $socket ]]; then
    _uponctl_socket
  elif [[ ! $command ]]; then
    _uponctl_offer list add remove pause resume trigger send close stats watch reload exit -
  elif [[ $end != full ]]; then
    case $command in
      remove | pause | resume | trigger | watch) _uponctl_offer_names ;;
      send | close) _uponctl_offer_names --receivers ;;
    esac
  fi
}

complete -F _uponctl uponctl
