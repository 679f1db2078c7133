# Completion of upon's command line for fish.
# Written by `make completions` from the tables of upon's parser.

# What can stand where: rows of TEXT and what it means.
function __upon_table
    switch $argv[1]
      case 'kinds'
          printf '%s\t%s\n' 'fd:' 'data, readiness or silence on inherited descriptor N' 'stdin' 'the same on standard input' 'signal:' 'the process receives one of these signals' 'pid:' 'a process ends, whoever has started it' 'run:' 'a command is run: its lines, and its end' 'every:' 'each period, without drift and never early' 'after:' 'once, that long after the start' 'at:' 'once, at a time of the wall clock: 18:30, 2026-12-24T18:00, @SECONDS' 'cron:' 'at times as in a crontab: \'30 4 * * mon-fri\', @hourly' 'calendar:' 'at times as in OnCalendar= of systemd: \'Mon..Fri 04:30\', daily' 'path:' 'a file or directory changes, or comes to be there' 'paths:' 'one of the files changes that a list names; FILE may be -' 'tail:' 'lines appended to a log, through rotation; its name may have *' 'fifo:' 'lines written to a named pipe, which is made if it is not there' 'start' 'once, when all sources are armed' 'finish' 'once, when the loop ends in order' 'tcp:' 'a connection to a host: made, lines, silence, closed' 'unix:' 'the same to a unix socket; @NAME is an abstract one' 'tcp-listen:' 'connections in: made, lines, silence, closed; do gets the connection' 'unix-listen:' 'the same on a unix socket; @NAME is an abstract one' 'udp-listen:' 'datagrams, each a record' 'unix-dgram-listen:' 'the same on a unix socket; @NAME is an abstract one' 'accept:' 'the same on an inherited listening or datagram socket'
      case 'signals'
          printf '%s\n' 'HUP' 'INT' 'QUIT' 'USR1' 'USR2' 'PIPE' 'ALRM' 'TERM' 'STKFLT' 'CHLD' 'CONT' 'TSTP' 'TTIN' 'TTOU' 'URG' 'XCPU' 'XFSZ' 'VTALRM' 'PROF' 'WINCH' 'IO' 'PWR' 'RTMIN'
      case 'address signal'
          printf '%s\n' '+signals'
      case 'address path'
          printf '%s\n' '+file'
      case 'address tail'
          printf '%s\n' '+file'
      case 'address fifo'
          printf '%s\n' '+file'
      case 'address tcp'
          printf '%s\n' '+host'
      case 'address unix'
          printf '%s\n' '+socket'
      case 'address tcp-listen'
          printf '%s\n' '+host'
      case 'address unix-listen'
          printf '%s\n' '+file'
      case 'address udp-listen'
          printf '%s\n' '+host'
      case 'address unix-dgram-listen'
          printf '%s\n' '+file'
      case 'settings fd'
          printf '%s\t%s\n' 'frame=' 'what a record is; none reports readiness and reads nothing' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte, and with AGAIN after each further AGAIN' 'write' 'watch for writable instead of reading' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings stdin'
          printf '%s\t%s\n' 'frame=' 'what a record is; none reports readiness and reads nothing' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte, and with AGAIN after each further AGAIN' 'write' 'watch for writable instead of reading' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings signal'
          printf '%s\t%s\n' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings pid'
          printf '%s\t%s\n' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings run'
          printf '%s\t%s\n' 'frame=' 'what a record of a connection is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte, and with AGAIN after each further AGAIN' 'stdin=' 'what it reads; pipe is what send and print to= write to' 'restart' 'start it again when it has exited, or has failed' 'restart=' 'start it again when it has exited, or has failed' 'retry=' 'the pause before that; doubled each time up to MAX' 'until=' 'the end that is not restarted' 'timeout=' 'end a run that takes longer than D' 'grace=' 'KILL what is left of a group D after it was told to stop' 'stop=' 'the signal that ends a run' 'shell=' 'the shell that gets -c COMMAND' 'dir=' 'where the command runs' 'user=' 'by whom the command is run, where upon is started by root' 'detach' 'let a run outlive upon' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings every'
          printf '%s\t%s\n' 'now' 'fires at once too' 'jitter=' 'adds up to D to each tick, at random' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings after'
          printf '%s\t%s\n' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings at'
          printf '%s\t%s\n' 'tz=' 'the time zone in which the times are meant; that of the system if not given' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings cron'
          printf '%s\t%s\n' 'tz=' 'the time zone in which the times are meant; that of the system if not given' 'jitter=' 'adds up to D to each tick, at random' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings calendar'
          printf '%s\t%s\n' 'tz=' 'the time zone in which the times are meant; that of the system if not given' 'jitter=' 'adds up to D to each tick, at random' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings path'
          printf '%s\t%s\n' 'recursive' 'what is below it at any depth too' 'exists' 'fires when it is there, at once and each time that it comes' 'absent' 'fires when it is not there, at once and each time that it goes' 'include=' 'only files that one of these matches' 'exclude=' 'nothing that one of these matches, nor what is below it' 'settle=' 'also files at rest for D that their writer keeps open' 'now' 'what is there at the start is told first, as written' 'poll=' 'look every D, as upon does where the kernel does not tell' 'frame=' 'what stands behind each path in the bytes' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings paths'
          printf '%s\t%s\n' 'include=' 'only files that one of these matches' 'exclude=' 'nothing that one of these matches, nor what is below it' 'settle=' 'also files at rest for D that their writer keeps open' 'now' 'what is there at the start is told first, as written' 'poll=' 'look every D, as upon does where the kernel does not tell' 'frame=' 'what stands behind each path in the bytes' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings tail'
          printf '%s\t%s\n' 'frame=' 'what a record is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte, and with AGAIN after each further AGAIN' 'from=' 'where files are read from that are there at the start' 'state=' 'keep in this file how far each file is done, and go on there' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings fifo'
          printf '%s\t%s\n' 'frame=' 'what a record is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte, and with AGAIN after each further AGAIN' 'mode=' 'the mode of the pipe, where it is made' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings start'
          printf '%s\t%s\n' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings finish'
          printf '%s\t%s\n' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings tcp'
          printf '%s\t%s\n' 'retry=' 'how long after a failed attempt comes the next; no: the first failure is final' 'connect-timeout=' 'how long one address may not answer' 'reconnect' 'open again after a close' 'down' 'wait until nobody answers there' 'frame=' 'what a record of a connection is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte on a connection, and with AGAIN after each further AGAIN' 'half-open' 'keep a connection whose peer has finished sending, to send to it' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings unix'
          printf '%s\t%s\n' 'retry=' 'how long after a failed attempt comes the next; no: the first failure is final' 'connect-timeout=' 'how long one address may not answer' 'reconnect' 'open again after a close' 'down' 'wait until nobody answers there' 'frame=' 'what a record of a connection is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte on a connection, and with AGAIN after each further AGAIN' 'half-open' 'keep a connection whose peer has finished sending, to send to it' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings tcp-listen'
          printf '%s\t%s\n' 'backlog=' 'how many clients the kernel lets wait to be accepted' 'reuseport' 'let other processes listen at the same port' 'allow=' 'only these addresses are let in, others are refused' 'connections=' 'how many are open at once; further clients wait in the backlog' 'per-peer=' 'how many of one address, or user, are open at once' 'frame=' 'what a record of a connection is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte on a connection, and with AGAIN after each further AGAIN' 'half-open' 'keep a connection whose peer has finished sending, to send to it' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings unix-listen'
          printf '%s\t%s\n' 'backlog=' 'how many clients the kernel lets wait to be accepted' 'mode=' 'the mode of the socket\'s file' 'allow-user=' 'only processes of these users, by name or number, are let in; any is everybody' 'connections=' 'how many are open at once; further clients wait in the backlog' 'per-peer=' 'how many of one address, or user, are open at once' 'frame=' 'what a record of a connection is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte on a connection, and with AGAIN after each further AGAIN' 'half-open' 'keep a connection whose peer has finished sending, to send to it' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings udp-listen'
          printf '%s\t%s\n' 'allow=' 'only these addresses are let in, others are refused' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest datagram; the rest of a longer one is lost' 'idle=' 'an idle event after D without a datagram, and with AGAIN after each further AGAIN' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings unix-dgram-listen'
          printf '%s\t%s\n' 'mode=' 'the mode of the socket\'s file' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest datagram; the rest of a longer one is lost' 'idle=' 'an idle event after D without a datagram, and with AGAIN after each further AGAIN' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings accept'
          printf '%s\t%s\n' 'allow=' 'only these addresses are let in, others are refused' 'connections=' 'how many are open at once; further clients wait in the backlog' 'per-peer=' 'how many of one address, or user, are open at once' 'frame=' 'what a record of a connection is' 'match=' 'only data that this PCRE2 pattern matches is delivered' 'unmatch=' 'only data that this PCRE2 pattern does not match is delivered' 'max=' 'longest record; a longer one comes in parts' 'idle=' 'an idle event after D without a byte on a connection, and with AGAIN after each further AGAIN' 'half-open' 'keep a connection whose peer has finished sending, to send to it' 'name=' 'the name in records and messages; the word as typed if not given' 'on=' 'which events are delivered; +EVENT adds, all is every one' 'limit=' 'the source ends after N delivered events' 'once' 'the same as limit=1' 'exit=' 'upon ends with status N when the event fires' 'debounce=' 'the last event of a burst, D after it, at most MAX after the first' 'throttle=' 'the first event at once, then the last of each D' 'batch=' 'all of a burst as one event, D after it, at most MAX (10 D) after the first; 0 for none'
      case 'settings print'
          printf '%s\t%s\n' 'as=' 'the form of the record' 'fields=' 'the fields of the record, and their order' 'to=' 'write to the connections of these sources, or to the standard input of their command' 'file=' 'append to PATH, opened again when it has been renamed or removed'
      case 'settings kill'
          printf '%s\t%s\n' 'signal=' 'the signal; by default that of the event, or the command\'s stop=' 'to=' 'only the commands of the rules in which these sources stand' 'group' 'signal the whole group, not the process alone'
      case 'settings do'
          printf '%s\t%s\n' 'jobs=' 'how many run at once' 'busy=' 'what an event does that finds all of them running; the default is the event\'s' 'timeout=' 'end a run that takes longer than D' 'grace=' 'KILL what is left of a group D after it was told to stop' 'stop=' 'the signal that ends a run' 'until=' 'upon ends with the status of a run that has ended, succeeded or failed' 'shell=' 'the shell that gets -c COMMAND' 'dir=' 'where the command runs' 'user=' 'by whom the command is run, where upon is started by root' 'detach' 'let a run outlive upon' 'stdin=' 'what the command reads' 'reply' 'send what the command writes back to the peer, in the order of the events' 'report' 'a done record after each run; output puts into it what the command wrote' 'report=' 'a done record after each run; output puts into it what the command wrote' 'output-max=' 'how much of each stream report=output keeps'
      case 'words fd'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words stdin'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words signal'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words pid'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words run'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words every'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words after'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words at'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words cron'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words calendar'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words path'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words paths'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words tail'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words fifo'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words start'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words finish'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words tcp'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words unix'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words tcp-listen'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words unix-listen'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words udp-listen'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words unix-dgram-listen'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words accept'
          printf '%s\t%s\n' 'or' 'another source of the same rule' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run' 'ignore' 'only count the event'
      case 'words print'
          printf '%s\t%s\n' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run'
      case 'words kill'
          printf '%s\t%s\n' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run'
      case 'words do'
          printf '%s\t%s\n' 'do' 'run a command' 'print' 'print a record' 'kill' 'signal the commands that run'
      case 'events fd'
          printf '%s\t%s\n' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'readable' 'there is something to read' 'writable' 'there is room to write' 'idle' 'no byte for D; count tells how often in one silence' 'end' 'end of input' 'error' 'the descriptor cannot be read any more' 'active' 'something has come after an idle event'
      case 'events stdin'
          printf '%s\t%s\n' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'readable' 'there is something to read' 'writable' 'there is room to write' 'idle' 'no byte for D; count tells how often in one silence' 'end' 'end of input' 'error' 'the descriptor cannot be read any more' 'active' 'something has come after an idle event'
      case 'events signal'
          printf '%s\t%s\n' 'signal' 'a signal was received'
      case 'events pid'
          printf '%s\t%s\n' 'exit' 'the process has ended, or is not there'
      case 'events run'
          printf '%s\t%s\n' 'line' 'a record of its standard output, without its line end' 'data' 'bytes as they came' 'exit' 'the command has exited' 'idle' 'it has written nothing for D; count tells how often in this silence' 'stderr' 'a line of its standard error, which otherwise goes through' 'active' 'something has come after an idle event'
      case 'events every'
          printf '%s\t%s\n' 'tick' 'a point of the grid'
      case 'events after'
          printf '%s\t%s\n' 'timeout' 'the time has passed'
      case 'events at'
          printf '%s\t%s\n' 'timeout' 'the time has come'
      case 'events cron'
          printf '%s\t%s\n' 'tick' 'a time of the schedule'
      case 'events calendar'
          printf '%s\t%s\n' 'tick' 'a time of the schedule'
      case 'events path'
          printf '%s\t%s\n' 'written' 'a file or link is complete: closed after writing, moved or linked into place' 'delete' 'a name is gone, also by moving out' 'move' 'a name has become another within what is watched' 'overflow' 'the kernel has dropped events: anything may have changed' 'create' 'a new name, whose file is perhaps still empty' 'modify' 'bytes are being written' 'attrib' 'mode, owner, times or extended attributes have changed' 'exists' 'it is there' 'absent' 'it is not there'
      case 'events paths'
          printf '%s\t%s\n' 'written' 'a file or link is complete: closed after writing, moved or linked into place' 'delete' 'a name is gone, also by moving out' 'move' 'a name has become another within what is watched' 'overflow' 'the kernel has dropped events: anything may have changed' 'create' 'a new name, whose file is perhaps still empty' 'modify' 'bytes are being written' 'attrib' 'mode, owner, times or extended attributes have changed' 'new' 'a name that is not in the list appears in the directory of one that is'
      case 'events tail'
          printf '%s\t%s\n' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte for D; count tells how often in one silence' 'rotate' 'a newer file has taken the name of one that was read' 'truncate' 'a file was cut, and is read from its start' 'active' 'something has come after an idle event'
      case 'events fifo'
          printf '%s\t%s\n' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte for D; count tells how often in this silence' 'error' 'the pipe cannot be read any more' 'active' 'something has come after an idle event'
      case 'events start'
          printf '%s\t%s\n' 'start' 'all sources are armed'
      case 'events finish'
          printf '%s\t%s\n' 'finish' 'the other sources have ended'
      case 'events tcp'
          printf '%s\t%s\n' 'connect' 'the connection is made' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte on a connection for D; count tells how often in one silence' 'close' 'a connection is over' 'error' 'a connection or the socket has failed' 'end' 'the peer has finished sending' 'active' 'something has come after an idle event' 'down' 'nobody answers there any more'
      case 'events unix'
          printf '%s\t%s\n' 'connect' 'the connection is made' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte on a connection for D; count tells how often in one silence' 'close' 'a connection is over' 'error' 'a connection or the socket has failed' 'end' 'the peer has finished sending' 'active' 'something has come after an idle event' 'down' 'nobody answers there any more'
      case 'events tcp-listen'
          printf '%s\t%s\n' 'accept' 'a client has connected' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte on a connection for D; count tells how often in one silence' 'close' 'a connection is over' 'error' 'a connection or the socket has failed' 'end' 'the peer has finished sending' 'active' 'something has come after an idle event' 'listening' 'clients can connect' 'refused' 'a client was turned away: not one of those allowed, or one too many of its address or user'
      case 'events unix-listen'
          printf '%s\t%s\n' 'accept' 'a client has connected' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte on a connection for D; count tells how often in one silence' 'close' 'a connection is over' 'error' 'a connection or the socket has failed' 'end' 'the peer has finished sending' 'active' 'something has come after an idle event' 'listening' 'clients can connect' 'refused' 'a client was turned away: not one of those allowed, or one too many of its address or user'
      case 'events udp-listen'
          printf '%s\t%s\n' 'datagram' 'a datagram, also an empty one' 'idle' 'no datagram for D; count tells how often in one silence' 'listening' 'datagrams can come' 'error' 'the socket has failed' 'active' 'something has come after an idle event'
      case 'events unix-dgram-listen'
          printf '%s\t%s\n' 'datagram' 'a datagram, also an empty one' 'idle' 'no datagram for D; count tells how often in one silence' 'listening' 'datagrams can come' 'error' 'the socket has failed' 'active' 'something has come after an idle event'
      case 'events accept'
          printf '%s\t%s\n' 'accept' 'a client has connected' 'line' 'a record, without its line end' 'data' 'bytes as they came' 'idle' 'no byte on a connection for D; count tells how often in one silence' 'close' 'a connection is over' 'error' 'a connection or the socket has failed' 'end' 'the peer has finished sending' 'active' 'something has come after an idle event' 'listening' 'clients can connect' 'refused' 'a client was turned away: not one of those allowed, or one too many of its address or user' 'datagram' 'a datagram, where the socket is one for datagrams'
      case 'values fd frame'
          printf '%s\n' 'line' 'nul' 'chunk' 'none'
      case 'values fd on'
          printf '%s\n' '+events'
      case 'values fd exit'
          printf '%s\n' '+ending'
      case 'values stdin frame'
          printf '%s\n' 'line' 'nul' 'chunk' 'none'
      case 'values stdin on'
          printf '%s\n' '+events'
      case 'values stdin exit'
          printf '%s\n' '+ending'
      case 'values signal on'
          printf '%s\n' '+events'
      case 'values signal exit'
          printf '%s\n' '+ending'
      case 'values pid on'
          printf '%s\n' '+events'
      case 'values pid exit'
          printf '%s\n' '+ending'
      case 'values run frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values run stdin'
          printf '%s\n' 'none' 'pipe' 'inherit'
      case 'values run restart'
          printf '%s\n' 'always' 'fail'
      case 'values run until'
          printf '%s\n' 'exit' 'ok' 'fail'
      case 'values run stop'
          printf '%s\n' 'HUP' 'INT' 'QUIT' 'ILL' 'TRAP' 'ABRT' 'BUS' 'FPE' 'KILL' 'USR1' 'SEGV' 'USR2' 'PIPE' 'ALRM' 'TERM' 'STKFLT' 'XCPU' 'XFSZ' 'VTALRM' 'PROF' 'IO' 'PWR' 'SYS'
      case 'values run shell'
          printf '%s\n' '+file'
      case 'values run dir'
          printf '%s\n' '+file'
      case 'values run on'
          printf '%s\n' '+events'
      case 'values run exit'
          printf '%s\n' '+ending'
      case 'values every on'
          printf '%s\n' '+events'
      case 'values every exit'
          printf '%s\n' '+ending'
      case 'values after on'
          printf '%s\n' '+events'
      case 'values after exit'
          printf '%s\n' '+ending'
      case 'values at on'
          printf '%s\n' '+events'
      case 'values at exit'
          printf '%s\n' '+ending'
      case 'values cron on'
          printf '%s\n' '+events'
      case 'values cron exit'
          printf '%s\n' '+ending'
      case 'values calendar on'
          printf '%s\n' '+events'
      case 'values calendar exit'
          printf '%s\n' '+ending'
      case 'values path frame'
          printf '%s\n' 'line' 'nul'
      case 'values path on'
          printf '%s\n' '+events'
      case 'values path exit'
          printf '%s\n' '+ending'
      case 'values paths frame'
          printf '%s\n' 'line' 'nul'
      case 'values paths on'
          printf '%s\n' '+events'
      case 'values paths exit'
          printf '%s\n' '+ending'
      case 'values tail frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values tail from'
          printf '%s\n' 'end' 'start'
      case 'values tail state'
          printf '%s\n' '+file'
      case 'values tail on'
          printf '%s\n' '+events'
      case 'values tail exit'
          printf '%s\n' '+ending'
      case 'values fifo frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values fifo on'
          printf '%s\n' '+events'
      case 'values fifo exit'
          printf '%s\n' '+ending'
      case 'values start on'
          printf '%s\n' '+events'
      case 'values start exit'
          printf '%s\n' '+ending'
      case 'values finish on'
          printf '%s\n' '+events'
      case 'values finish exit'
          printf '%s\n' '+ending'
      case 'values tcp frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values tcp on'
          printf '%s\n' '+events'
      case 'values tcp exit'
          printf '%s\n' '+ending'
      case 'values unix frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values unix on'
          printf '%s\n' '+events'
      case 'values unix exit'
          printf '%s\n' '+ending'
      case 'values tcp-listen frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values tcp-listen on'
          printf '%s\n' '+events'
      case 'values tcp-listen exit'
          printf '%s\n' '+ending'
      case 'values unix-listen frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values unix-listen on'
          printf '%s\n' '+events'
      case 'values unix-listen exit'
          printf '%s\n' '+ending'
      case 'values udp-listen on'
          printf '%s\n' '+events'
      case 'values udp-listen exit'
          printf '%s\n' '+ending'
      case 'values unix-dgram-listen on'
          printf '%s\n' '+events'
      case 'values unix-dgram-listen exit'
          printf '%s\n' '+ending'
      case 'values accept frame'
          printf '%s\n' 'line' 'nul' 'chunk'
      case 'values accept on'
          printf '%s\n' '+events'
      case 'values accept exit'
          printf '%s\n' '+ending'
      case 'values print as'
          printf '%s\n' 'json' 'tsv' 'data' 'text'
      case 'values print file'
          printf '%s\n' '+file'
      case 'values kill signal'
          printf '%s\n' 'HUP' 'INT' 'QUIT' 'ILL' 'TRAP' 'ABRT' 'BUS' 'FPE' 'KILL' 'USR1' 'SEGV' 'USR2' 'PIPE' 'ALRM' 'TERM' 'STKFLT' 'CHLD' 'CONT' 'STOP' 'TSTP' 'TTIN' 'TTOU' 'URG' 'XCPU' 'XFSZ' 'VTALRM' 'PROF' 'WINCH' 'IO' 'PWR' 'SYS'
      case 'values do busy'
          printf '%s\n' 'queue' 'skip' 'merge' 'restart'
      case 'values do stop'
          printf '%s\n' 'HUP' 'INT' 'QUIT' 'ILL' 'TRAP' 'ABRT' 'BUS' 'FPE' 'KILL' 'USR1' 'SEGV' 'USR2' 'PIPE' 'ALRM' 'TERM' 'STKFLT' 'XCPU' 'XFSZ' 'VTALRM' 'PROF' 'IO' 'PWR' 'SYS'
      case 'values do until'
          printf '%s\n' 'exit' 'ok' 'fail'
      case 'values do shell'
          printf '%s\n' '+file'
      case 'values do dir'
          printf '%s\n' '+file'
      case 'values do stdin'
          printf '%s\n' 'data' 'event' 'none' 'inherit'
      case 'values do report'
          printf '%s\n' 'output'
    end
end

# The words in front of the current one, without upon itself.
function __upon_before
    set -l words (commandline -opc)
    set -e words[1]
    string join \n -- $words
end

# Tells what those words leave open: a context, or `program` with the place where it begins.
function __upon_context
    set -l context none
    set -l expects
    set -l place 0
    for word in (__upon_before)
        set place (math $place + 1)
        if set -q expects[1]
            set -e expects
            continue
        end
        switch $word
            case --
                echo program
                echo $place
                return
            case '-*'
                if contains -- $word --output --count --timeout --next --ready-fd --backend --control --file
                    or string match -qr '^-[1aeqvhV]*[ontf]$' -- $word
                    set expects value
                end
            case do
                set context do
                set expects command
            case print kill ignore or
                set context $word
            case '*'
                set -l name (string split -m 1 : -- $word)[1]
                if contains -- $name fd stdin signal pid run every after at cron calendar path paths tail fifo start finish tcp unix tcp-listen unix-listen udp-listen unix-dgram-listen accept
                    set context $name
                end
        end
    end
    set -q expects[1]
    and echo $expects
    or echo $context
end

# Options stand before the first do.
function __upon_takes_options
    not contains -- do (__upon_before)
    and not contains -- -- (__upon_before)
end

# Completes a command line of its own.
function __upon_program
    complete -C (string join ' ' -- (string escape -- $argv) (commandline -ct))
end

function __upon_address --argument-names word
    set -l parts (string split -m 1 : -- $word)
    switch (__upon_table "address $parts[1]")
        case +file
            __fish_complete_path $parts[2] | string replace -r '^' "$parts[1]:"
        case +socket
            # Sockets, and folders on the way to them; any file where there are none.
            set -l sockets
            for path in (__fish_complete_path $parts[2])
                set -l file (string split -m 1 \t -- $path)[1]
                set -l found (string replace -r '^~(?=/)' $HOME -- $file)
                if test -S "$found" -o -d "$found"
                    set -a sockets $file
                end
            end
            if set -q sockets[1]
                printf '%s\n' $parts[1]:$sockets
            else
                __fish_complete_path $parts[2] | string replace -r '^' "$parts[1]:"
            end
        case +host
            string match -q '*:*' -- $parts[2]
            and return
            # An address with colons of its own would have to stand in brackets.
            for host in localhost (__fish_print_hostnames | string match -v '*:*')
                echo $parts[1]:$host:
            end
        case +signals
            set -l before (string replace -r '[^:,]*$' '' -- $word)
            for name in (__upon_table signals)
                echo $before$name
            end
    end
end

function __upon_value --argument-names context word
    set -l parts (string split -m 1 = -- $word)
    set -l list (__upon_table "values $context $parts[1]")
    switch "$list[1]"
        case +file
            __fish_complete_path $parts[2] | string replace -r '^' "$parts[1]="
        case +events
            set -l before (string replace -r '[^,+]*$' '' -- $parts[2])
            # Each stands once.
            set -l typed (string split , -- (string trim -l -c + -- $before))
            for row in (__upon_table "events $context")
                contains -- (string split -m 1 \t -- $row)[1] $typed
                or echo $parts[1]=$before$row
            end
            test -n "$before"
            or printf '%s=all\tevery event\n' $parts[1]
        case +ending
            for row in (__upon_table "events $context")
                echo $parts[1]=(string replace \t :\t -- $row)
            end
        case '*'
            for row in $list
                echo $parts[1]=$row
            end
    end
end

function __upon
    set -l context (__upon_context)
    set -l current (commandline -ct)
    switch $context[1]
        case program
            set -l words (__upon_before)
            set -e words[1..$context[2]]
            __upon_program $words
        case command
            __upon_program
        case value
            return
        case '*'
            switch $current
                case '-*'
                    return
                case '*:*' '*=*'
                    # In a word the first of : and = decides.
                    if string match -qr '^[^=]*:' -- $current
                        __upon_address $current
                    else
                        __upon_value $context[1] $current
                    end
                case '*'
                    __upon_table "settings $context[1]"
                    __upon_table "words $context[1]"
                    __upon_table kinds
            end
    end
end

complete -c upon -f -a '(__upon)'
complete -c upon -n __upon_takes_options -s o -l output -x -a 'json tsv data text' -d 'the form of the records, json, tsv, data or text, and their fields (json)'
complete -c upon -n __upon_takes_options -s n -l count -x -d 'end after N delivered events'
complete -c upon -n __upon_takes_options -s 1 -l once -d 'the same as -n 1'
complete -c upon -n __upon_takes_options -s a -l all -d 'end when every source has fired once'
complete -c upon -n __upon_takes_options -s t -l timeout -x -d 'give up after D, with status 124'
complete -c upon -n __upon_takes_options -s e -l fail-fast -d 'end with the status of the first command that fails'
complete -c upon -n __upon_takes_options -s q -l quiet -d 'no records'
complete -c upon -n __upon_takes_options -s v -l verbose -d 'tell what happens on standard error'
complete -c upon -n __upon_takes_options -l check -d 'print the rules as understood, open nothing'
complete -c upon -n __upon_takes_options -l next -x -d 'print the next N times of each source of time, open nothing'
complete -c upon -n __upon_takes_options -l kinds -d 'list every kind with its events and settings'
complete -c upon -n __upon_takes_options -l ready-fd -x -d 'write a newline to N when all sources are armed'
complete -c upon -n __upon_takes_options -l backend -x -a 'epoll poll select' -d 'wait by this mechanism of libevent'
complete -c upon -n __upon_takes_options -l backends -d 'list the mechanisms that libevent has here'
complete -c upon -n __upon_takes_options -l control -x -a 'stdin fd: unix:' -d 'take requests from there while the loop runs'
complete -c upon -n __upon_takes_options -s f -l file -r -F -d 'read words from FILE, rules and options; - is standard input'
complete -c upon -n __upon_takes_options -l stats -d 'one summary record on standard error at the end'
complete -c upon -n __upon_takes_options -s h -l help -d 'print this text'
complete -c upon -n __upon_takes_options -s V -l version -d 'print the version'
