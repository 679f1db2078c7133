# Completion of uponctl's command line for fish. Names come from the running upon, the words of a rule from
# upon's own completion.

# Tells what the words in front of the current one leave open: the place where a rule begins, or 0; `full` where
# nothing more is taken, `words` where no option is, else `open`; the command; the socket.
function __uponctl_state
    set -l words (commandline -opc)
    set -l program $words[1]
    set -e words[1]
    set -l socket
    set -l command
    set -l ends open
    set -l expects no
    set -l place 0
    for word in $words
        set place (math $place + 1)
        if test $expects = yes
            set expects no
        else if test $ends = open; and string match -q -- -- $word
            set ends words
            if test "$command" = add
                printf '%s\n' (math $place + 1) words add $socket
                return
            end
        else if test $ends = open; and string match -q -- '-?*' $word
            if contains -- $word -t --timeout --data --path
                set expects yes
            end
        else if not set -q socket[1]
            set socket $word
        else if not set -q command[1]
            set command $word
        else if test $command = add
            printf '%s\n' $place words add $socket
            return
        else if not contains -- $command remove pause resume trigger watch
            set ends full
        end
    end
    if test $expects = yes
        set ends full
    end
    set -l rule 0
    if test "$command" = add; and not string match -q -- '-*' (commandline -ct)
        set rule (math $place + 1)
    end
    printf '%s\n' $rule $ends "$command" "$socket"
end

# The names that the running upon has; the rest of the arguments is for `names`.
function __uponctl_names
    set -l program (commandline -opc)[1]
    $program -t 2s $argv[1] names $argv[2..] 2>/dev/null
end

function __uponctl_sockets
    set -l word (commandline -ct)
    set -l value (string replace -r '^unix:' '' -- $word)
    set -l before (string match -r '^unix:' -- $word)
    for path in (__fish_complete_path $value)
        set -l file (string split -m 1 \t -- $path)[1]
        set -l found (string replace -r '^~(?=/)' $HOME -- $file)
        if test -S "$found" -o -d "$found"
            echo "$before$file"
        end
    end
end

function __uponctl_complete
    set -l state (__uponctl_state)
    set -l word (commandline -ct)
    if test $state[1] -gt 0
        set -l words (commandline -opc)
        set -e words[1]
        complete -C (string join ' ' -- upon (string escape -- $words[$state[1]..]) $word)
    else if test $state[2] = open; and string match -q -- '-*' $word
        switch "$state[3]"
            case ''
                printf '%s\thow long an answer may take\n' -t --timeout
                printf '%s\tshow the version\n' -V --version
                printf '%s\tshow the commands\n' -h --help
                if test -n "$state[4]"
                    printf '%s\tpass requests from standard input\n' -
                end
            case list reload
                printf '%s\t%s\n' --json 'print the answer as JSON' --table 'print a table'
            case stats
                printf '%s\t%s\n' --json 'print the answer as JSON' --table 'print a table' \
                    --prometheus 'print metrics'
            case add
                printf '%s\t%s\n' --replace 'take the place of sources whose names are in use'
            case trigger
                printf '%s\t%s\n' --data 'the data of the event' --path 'the path of the event'
            case send
                printf '%s\tno line end behind TEXT\n' -n --no-newline
            case exit
                printf '%s\tlet commands come to their end first\n' --drain
        end
    else if test -z "$state[4]"
        __uponctl_sockets
    else if test -z "$state[3]"
        printf '%s\t%s\n' list 'sources, connections and running commands' add 'a rule' remove sources \
            pause 'sources until they are resumed' resume 'paused sources' \
            trigger 'the event of sources by hand' send 'a line to a connection' close connections \
            stats 'what upon has done and what it takes' watch 'records as they come' \
            reload 'the files of -f' exit 'upon, in order' \
            - 'pass requests from standard input'
    else if test $state[2] != full
        switch $state[3]
            case remove pause resume trigger watch
                __uponctl_names $state[4]
            case send close
                __uponctl_names $state[4] --receivers
        end
    end
end

complete -c uponctl -f -a '(__uponctl_complete)'
