extension Trial {
  static let waiting = [
    Trial(
      title: "Start when ports answer, else fail and name what is missing",
      script: #"""
        program start <<< 'echo started by $UPON_NAME'
        cp recipe whole; instead 's/-t 30s/-t 300ms/'
        recipe; echo $?
        cp whole recipe; cook
        socat TCP-LISTEN:5432,fork PIPE & listens 5432
        test -s out && echo early
        socat UNIX-LISTEN:cache.sock,fork PIPE &
        over; cat out
        """#,
      output: "124\nstatus 0\nstarted by unix:cache.sock\n",
      errors: #"""
        upon: timed out after 300ms; still missing: tcp:db:5432 \(Connection refused\), \#
        unix:cache.sock \(No such file or directory\)

        """#),
    Trial(
      title: "Wait until PostgreSQL is ready, not only its port",
      script: postgres + #"""
        cook; till test -s err
        postgres
        over 2> told
        psql -Atc 'select 40 + 2'
        grep -c 'exit status [12]$' told | sed 's/^[12]$/told/'; grep -vc 'exit status' told
        """#,
      output: "status 0\n42\ntold\n0\n"),
    Trial(
      title: "Signal, line or ten seconds: say which came first",
      script: #"""
        printf 'one\ntwo\n' | { recipe; cat; }
        mkfifo silence; exec 3<> silence
        cook < silence; signalled USR1; kill -USR1 $(upons)
        over; cat out
        instead 's/after:10s/after:100ms/'; recipe < silence
        """#,
      output: "somebody has typed\ntwo\nstatus 0\nsomebody has called\nnobody was there\n"),
    Trial(
      title: "Which of two servers answers first",
      script: #"""
        serve() { socat TCP-LISTEN:80,bind=$1,reuseaddr,fork PIPE & server=$!; }
        serve 127.0.0.2; listens 80
        recipe
        off -$server
        serve 127.0.0.1; listens 80; recipe
        off -$server
        instead 's/-t 3s/-t 300ms/'; recipe; echo $?
        """#,
      output: "mirror2\nmirror1\n124\n",
      errors: #"""
        upon: timed out after 300ms; still missing: mirror1 \(Connection refused\), mirror2 \(Connection refused\)

        """#),
    Trial(
      title: "Wait until a file is there and complete",
      script: #"""
        cook; watched
        mkdir run; { printf rea; sleep 0.05; echo dy; } > run/ready
        over; cat out
        """#,
      output: "status 0\nready\n"),
    Trial(
      title: "Wait until nobody answers at a port any more",
      script: #"""
        program server <<< 'echo "new server, $(ss -Hltn "sport = :8080" | wc -l) old ones"'
        socat TCP-LISTEN:8080,fork PIPE & old=$!; listens 8080
        cook; signalled TERM; test -s out && echo early
        off -$old
        over; cat out
        """#,
      output: "status 0\nnew server, 0 old ones\n"),
    Trial(
      title: "Wait for the end of a process that is not a child",
      script: #"""
        program backup <<< 'kill -0 $(cat app.pid) 2> /dev/null || echo "it has ended"'
        (sleep 1000 & echo $! > app.pid)
        cook; signalled TERM; test -s out && echo early
        kill $(cat app.pid)
        over; cat out
        rm app.pid; program backup <<< 'echo "no file, no process"'
        recipe
        """#,
      output: "status 0\nit has ended\nno file, no process\n"),
    Trial(
      title: "Run two jobs at once, wait for both, say how each has ended",
      script: #"""
        program build <<< 'till() { until test -e $1; do sleep 0.01; done; }; : > a; till b; echo built'
        program check <<< 'till() { until test -e $1; do sleep 0.01; done; }; : > b; till a; exit 3'
        recipe > out; echo $?
        sort out
        """#,
      output: "123\nbuild\t0\nbuilt\ncheck\t3\n"),
    Trial(
      title: "Start a server, wait until it is ready, run tests, stop it",
      script: #"""
        program server <<'end'
        trap 'echo server ends; exit' TERM
        echo starting; echo listening at last
        while idle; do :; done
        end
        program tests <<< 'echo "tests after $UPON_DATA"; exit 3'
        recipe; echo $?
        program server <<< 'echo broken; exit 7'
        recipe; echo $?
        program server <<< 'exec sleep 1000'
        instead 's/1m/300ms/'; recipe; echo $?
        pgrep -x sleep | wc -l
        """#,
      output: "starting\ntests after listening at last\nserver ends\n3\nbroken\n123\n124\n0\n",
      errors: #"""
        upon: run:exec \./server: \./tests: exit status 3
        upon: run:exec \./server: exec \./server: exit status 7
        upon: timed out after 300ms; still missing: run:exec \./server

        """#),
    Trial(
      title: "Start a server, wait for its port, run tests, stop it",
      script: #"""
        program server <<< 'exec socat TCP-LISTEN:8080,reuseaddr,fork SYSTEM:"tr a-z A-Z" 2> noise'
        program tests <<< 'echo hello | nc -N localhost 8080; exit 5'
        recipe; echo $?
        ss -Hltn | wc -l
        """#,
      output: "HELLO\n5\n0\n",
      errors: "upon: tcp:localhost:8080: ./tests: exit status 5\n"),
    Trial(
      title: "Run tests when a service says READY=1, as systemd waits for it",
      script: #"""
        program service <<'end'
        trap 'echo service ends; exit' TERM
        for word in STATUS=begins READY=1; do printf $word | socat - UNIX-SENDTO:$NOTIFY_SOCKET; done
        while idle; do :; done
        end
        program tests <<< 'echo "tests after $UPON_DATA"'
        recipe; echo $?
        test -e notify || echo clean
        """#,
      output: "tests after READY=1\nservice ends\n0\nclean\n"),
  ]

  /// `postgres` starts it at port 5432 and gives back when it runs, `fast` ends it; the client needs no options.
  static let postgres = #"""
    PATH=$(echo /usr/lib/postgresql/*/bin):$PATH
    export PGHOST=db PGUSER=me PGDATABASE=postgres
    # It does not run as root, which is who everybody is here.
    other() { unshare -U --map-user=65534 --map-group=65534 "$@"; }
    other initdb -D data -U me -A trust -N > initdb.log || cat initdb.log
    postgres() {
      other postgres -D data -h 127.0.0.1 -k "" -F >> postgres.log 2>&1 & postgres=$!
      till pg_isready -q
    }
    fast() { kill -INT $(head -n 1 data/postmaster.pid); wait $postgres; }

    """#
}
