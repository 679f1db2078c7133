# Completion of upon's command line for bash.
# Written by `make completions` from the tables of upon's parser.

# What can stand where.
_upon_table() {
  case $1 in
    'kinds') echo 'fd: stdin signal: pid: run: every: after: at: cron: calendar: path: paths: tail: fifo: start finish tcp: unix: tcp-listen: unix-listen: udp-listen: unix-dgram-listen: accept:' ;;
    'names') echo 'fd stdin signal pid run every after at cron calendar path paths tail fifo start finish tcp unix tcp-listen unix-listen udp-listen unix-dgram-listen accept' ;;
    'signals') echo 'HUP INT QUIT USR1 USR2 PIPE ALRM TERM STKFLT CHLD CONT TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR RTMIN' ;;
    'options') echo '-o --output -n --count -1 --once -a --all -t --timeout -e --fail-fast -q --quiet -v --verbose --check --next --kinds --ready-fd --backend --backends --control -f --file --stats -h --help -V --version' ;;
    'valued') echo '-o --output -n --count -t --timeout --next --ready-fd --backend --control -f --file' ;;
    'value -o') echo 'json tsv data text' ;;
    'value --output') echo 'json tsv data text' ;;
    'value --backend') echo 'epoll poll select' ;;
    'value --control') echo 'stdin fd: unix:' ;;
    'value -f') echo '+file' ;;
    'value --file') echo '+file' ;;
    'address signal') echo '+signals' ;;
    'address path') echo '+file' ;;
    'address tail') echo '+file' ;;
    'address fifo') echo '+file' ;;
    'address tcp') echo '+host' ;;
    'address unix') echo '+socket' ;;
    'address tcp-listen') echo '+host' ;;
    'address unix-listen') echo '+file' ;;
    'address udp-listen') echo '+host' ;;
    'address unix-dgram-listen') echo '+file' ;;
    'settings fd') echo 'frame= match= unmatch= max= idle= write name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings stdin') echo 'frame= match= unmatch= max= idle= write name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings signal') echo 'name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings pid') echo 'name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings run') echo 'frame= match= unmatch= max= idle= stdin= restart restart= retry= until= timeout= grace= stop= shell= dir= user= detach name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings every') echo 'now jitter= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings after') echo 'name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings at') echo 'tz= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings cron') echo 'tz= jitter= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings calendar') echo 'tz= jitter= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings path') echo 'recursive exists absent include= exclude= settle= now poll= frame= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings paths') echo 'include= exclude= settle= now poll= frame= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings tail') echo 'frame= match= unmatch= max= idle= from= state= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings fifo') echo 'frame= match= unmatch= max= idle= mode= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings start') echo 'name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings finish') echo 'name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings tcp') echo 'retry= connect-timeout= reconnect down frame= match= unmatch= max= idle= half-open name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings unix') echo 'retry= connect-timeout= reconnect down frame= match= unmatch= max= idle= half-open name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings tcp-listen') echo 'backlog= reuseport allow= connections= per-peer= frame= match= unmatch= max= idle= half-open name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings unix-listen') echo 'backlog= mode= allow-user= connections= per-peer= frame= match= unmatch= max= idle= half-open name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings udp-listen') echo 'allow= match= unmatch= max= idle= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings unix-dgram-listen') echo 'mode= match= unmatch= max= idle= name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings accept') echo 'allow= connections= per-peer= frame= match= unmatch= max= idle= half-open name= on= limit= once exit= debounce= throttle= batch=' ;;
    'settings print') echo 'as= fields= to= file=' ;;
    'settings kill') echo 'signal= to= group' ;;
    'settings do') echo 'jobs= busy= timeout= grace= stop= until= shell= dir= user= detach stdin= reply report report= output-max=' ;;
    'words fd') echo 'or do print kill ignore' ;;
    'words stdin') echo 'or do print kill ignore' ;;
    'words signal') echo 'or do print kill ignore' ;;
    'words pid') echo 'or do print kill ignore' ;;
    'words run') echo 'or do print kill ignore' ;;
    'words every') echo 'or do print kill ignore' ;;
    'words after') echo 'or do print kill ignore' ;;
    'words at') echo 'or do print kill ignore' ;;
    'words cron') echo 'or do print kill ignore' ;;
    'words calendar') echo 'or do print kill ignore' ;;
    'words path') echo 'or do print kill ignore' ;;
    'words paths') echo 'or do print kill ignore' ;;
    'words tail') echo 'or do print kill ignore' ;;
    'words fifo') echo 'or do print kill ignore' ;;
    'words start') echo 'or do print kill ignore' ;;
    'words finish') echo 'or do print kill ignore' ;;
    'words tcp') echo 'or do print kill ignore' ;;
    'words unix') echo 'or do print kill ignore' ;;
    'words tcp-listen') echo 'or do print kill ignore' ;;
    'words unix-listen') echo 'or do print kill ignore' ;;
    'words udp-listen') echo 'or do print kill ignore' ;;
    'words unix-dgram-listen') echo 'or do print kill ignore' ;;
    'words accept') echo 'or do print kill ignore' ;;
    'words print') echo 'do print kill' ;;
    'words kill') echo 'do print kill' ;;
    'words do') echo 'do print kill' ;;
    'events fd') echo 'line data readable writable idle end error active' ;;
    'events stdin') echo 'line data readable writable idle end error active' ;;
    'events signal') echo 'signal' ;;
    'events pid') echo 'exit' ;;
    'events run') echo 'line data exit idle stderr active' ;;
    'events every') echo 'tick' ;;
    'events after') echo 'timeout' ;;
    'events at') echo 'timeout' ;;
    'events cron') echo 'tick' ;;
    'events calendar') echo 'tick' ;;
    'events path') echo 'written delete move overflow create modify attrib exists absent' ;;
    'events paths') echo 'written delete move overflow create modify attrib new' ;;
    'events tail') echo 'line data idle rotate truncate active' ;;
    'events fifo') echo 'line data idle error active' ;;
    'events start') echo 'start' ;;
    'events finish') echo 'finish' ;;
    'events tcp') echo 'connect line data idle close error end active down' ;;
    'events unix') echo 'connect line data idle close error end active down' ;;
    'events tcp-listen') echo 'accept line data idle close error end active listening refused' ;;
    'events unix-listen') echo 'accept line data idle close error end active listening refused' ;;
    'events udp-listen') echo 'datagram idle listening error active' ;;
    'events unix-dgram-listen') echo 'datagram idle listening error active' ;;
    'events accept') echo 'accept line data idle close error end active listening refused datagram' ;;
    'values fd frame') echo 'line nul chunk none' ;;
    'values fd on') echo '+events' ;;
    'values fd exit') echo '+ending' ;;
    'values stdin frame') echo 'line nul chunk none' ;;
    'values stdin on') echo '+events' ;;
    'values stdin exit') echo '+ending' ;;
    'values signal on') echo '+events' ;;
    'values signal exit') echo '+ending' ;;
    'values pid on') echo '+events' ;;
    'values pid exit') echo '+ending' ;;
    'values run frame') echo 'line nul chunk' ;;
    'values run stdin') echo 'none pipe inherit' ;;
    'values run restart') echo 'always fail' ;;
    'values run until') echo 'exit ok fail' ;;
    'values run stop') echo 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF IO PWR SYS' ;;
    'values run shell') echo '+file' ;;
    'values run dir') echo '+file' ;;
    'values run on') echo '+events' ;;
    'values run exit') echo '+ending' ;;
    'values every on') echo '+events' ;;
    'values every exit') echo '+ending' ;;
    'values after on') echo '+events' ;;
    'values after exit') echo '+ending' ;;
    'values at on') echo '+events' ;;
    'values at exit') echo '+ending' ;;
    'values cron on') echo '+events' ;;
    'values cron exit') echo '+ending' ;;
    'values calendar on') echo '+events' ;;
    'values calendar exit') echo '+ending' ;;
    'values path frame') echo 'line nul' ;;
    'values path on') echo '+events' ;;
    'values path exit') echo '+ending' ;;
    'values paths frame') echo 'line nul' ;;
    'values paths on') echo '+events' ;;
    'values paths exit') echo '+ending' ;;
    'values tail frame') echo 'line nul chunk' ;;
    'values tail from') echo 'end start' ;;
    'values tail state') echo '+file' ;;
    'values tail on') echo '+events' ;;
    'values tail exit') echo '+ending' ;;
    'values fifo frame') echo 'line nul chunk' ;;
    'values fifo on') echo '+events' ;;
    'values fifo exit') echo '+ending' ;;
    'values start on') echo '+events' ;;
    'values start exit') echo '+ending' ;;
    'values finish on') echo '+events' ;;
    'values finish exit') echo '+ending' ;;
    'values tcp frame') echo 'line nul chunk' ;;
    'values tcp on') echo '+events' ;;
    'values tcp exit') echo '+ending' ;;
    'values unix frame') echo 'line nul chunk' ;;
    'values unix on') echo '+events' ;;
    'values unix exit') echo '+ending' ;;
    'values tcp-listen frame') echo 'line nul chunk' ;;
    'values tcp-listen on') echo '+events' ;;
    'values tcp-listen exit') echo '+ending' ;;
    'values unix-listen frame') echo 'line nul chunk' ;;
    'values unix-listen on') echo '+events' ;;
    'values unix-listen exit') echo '+ending' ;;
    'values udp-listen on') echo '+events' ;;
    'values udp-listen exit') echo '+ending' ;;
    'values unix-dgram-listen on') echo '+events' ;;
    'values unix-dgram-listen exit') echo '+ending' ;;
    'values accept frame') echo 'line nul chunk' ;;
    'values accept on') echo '+events' ;;
    'values accept exit') echo '+ending' ;;
    'values print as') echo 'json tsv data text' ;;
    'values print file') echo '+file' ;;
    'values kill signal') echo 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS' ;;
    'values do busy') echo 'queue skip merge restart' ;;
    'values do stop') echo 'HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT XCPU XFSZ VTALRM PROF IO PWR SYS' ;;
    'values do until') echo 'exit ok fail' ;;
    'values do shell') echo '+file' ;;
    'values do dir') echo '+file' ;;
    'values do stdin') echo 'data event none inherit' ;;
    'values do report') echo 'output' ;;
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
      for word in $(printf '%s
' "${hosts[@]}" | grep -v : | sort -u); do
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
  [[ $(complete -p -- "${COMP_WORDS[first]}" 2>/dev/null) =~ \ -F\ ([^ ]+) ]] || return
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
      -*) [[ ! $word =~ ^-[1aeqvhV]*[ontf]$ ]] || expects=-${word: -1} ;;
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
