extension Trial {
  static let processes = [
    Trial(
      title: "Process 1 of a container",
      script: #"""
        program server <<'end'
        for signal in HUP USR1 USR2 INT QUIT WINCH; do trap "echo got $signal" $signal; done
        trap 'echo server ends; exit 7' TERM
        # An orphan, which process 1 has to reap.
        (sleep 0.01 & exec 2>&-) ; echo "serves, upon is $PPID"
        while idle; do :; done
        end
        unshare -pf --mount-proc $READER -c "exec $(cat recipe)" > out 2> err & outer=$!
        comes 1 'upon is 1$'; init=$(pgrep -P $outer)
        recipe=$outer; till eval '! pgrep -xg 0,$outer sleep'
        for signal in HUP USR1 USR2 INT QUIT WINCH; do kill -$signal $init; comes 1 "got $signal"; done
        ps -e -o stat= | grep Z
        kill -TERM $init; over; cat out
        """#,
      output: #"""
        status 7
        serves, upon is 1
        got HUP
        got USR1
        got USR2
        got INT
        got QUIT
        got WINCH
        server ends

        """#,
      errors: "upon: start: exec \\./server: exit status 7\n"),
    Trial(
      title: "Two servers in one container: when one ends, all end",
      script: #"""
        program web <<< 'trap "echo web ends; exit 0" TERM; echo web serves; : > web.begun; while idle; do :; done'
        program worker <<< 'until test -e web.begun; do sleep 0.01; done; echo worker fails; exit 3'
        recipe > out; echo $?; sort out
        rm web.begun
        program worker <<< ': > worker.begun; exec sleep 1000'
        program web <<< 'until test -e worker.begun; do sleep 0.01; done; echo web is done'
        recipe; echo $? $(pgrep -cx sleep)
        """#,
      output: "1\nweb ends\nweb serves\nworker fails\nweb is done\n1 0\n"),
    Trial(
      title: "Start in order: the database, then the program",
      script: #"""
        program db <<< 'exec socat TCP-LISTEN:5432,reuseaddr,fork SYSTEM:"tr a-z A-Z" 2> noise'
        program app <<< 'echo hello | nc -N localhost 5432; exit 6'
        recipe; echo $?; ss -Hltn | wc -l
        """#,
      output: "HELLO\n6\n0\n",
      errors: "upon: tcp:localhost:5432: exec ./app: exit status 6\n"),
  ]
}
