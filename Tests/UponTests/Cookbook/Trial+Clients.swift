extension Trial {
  static let clients = [
    Trial(
      title: "Connect standard input and output to a socket",
      script: #"""
        (seq 3; echo last) > asked
        cook < asked
        socat TCP-LISTEN:7000,reuseaddr SYSTEM:'tr a-z A-Z; echo and the rest' &
        over; cat out
        """#,
      output: "status 0\n1\n2\n3\nLAST\nand the rest\n"),
    Trial(
      title: "Three sockets and a signal in one stream",
      script: #"""
        cook
        socat TCP-LISTEN:7001 SYSTEM:'echo gold 7; sleep 1000' &
        socat TCP-LISTEN:7002 SYSTEM:'echo all is well; sleep 1000' &
        socat UNIX-LISTEN:app.sock SYSTEM:'echo begun; sleep 1000' &
        comes 3 line; signalled USR1; kill -USR1 $(upons); comes 1 signal
        ends TERM; sort out
        """#,
      output: """
        ended 0
        app\tline\tbegun
        news\tline\tall is well
        prices\tline\tgold 7
        signal:TERM,INT\tsignal\t
        signal:USR1\tsignal\t

        """),
    Trial(
      title: "PostgreSQL: run a command for each NOTIFY",
      script: postgres + #"""
        postgres
        program work <<< 'echo "work on $1"'
        listeners() { test "$(psql -Atc "select count(*) from pg_stat_activity where query like ';%'")" = $1; }
        cook; till listeners 1
        psql -qc "notify jobs, 'one'" -c "notify jobs, '\$(: > evil) \"two\"'"; comes 2 work
        fast; postgres; till listeners 1
        psql -qc "notify jobs, 'three'" -c "notify other, 'four'"; comes 3 work
        ends 2> noise; cat out; test -e evil && echo evil
        """#,
      output: "ended 143\nwork on one\nwork on \\$\\(: > evil\\) \"two\"\nwork on three\n"),
    Trial(
      title: "Redis: work off a queue",
      script: #"""
        serve() { redis-server --bind 127.0.0.1 --save '' --appendonly ${1:-no} >> redis.log & till redis-cli ping; }
        serve yes
        # Each job waits for three others.
        program work <<'end'
        : > "begun.$UPON_DATA"; until test $(ls | grep -c '^begun') -ge 4; do sleep 0.01; done
        echo "work on $UPON_DATA"
        end
        cook
        for job in one two three four; do redis-cli lpush jobs "job $job"; done > pushed
        comes 4 work; left() { redis-cli llen doing; }; till eval 'test $(left) = 0'
        # A worker that is killed leaves its job in the list.
        program work <<< 'echo "begins $UPON_DATA"; sleep 1000'
        redis-cli lpush jobs 'job five' > pushed; comes 1 begins
        redis-cli lrange doing 0 -1; ends KILL; redis-cli lrange doing 0 -1
        program work <<< 'echo "work on $UPON_DATA"'
        cook; redis-cli lpush jobs 'job six' > pushed; comes 5 work
        redis-cli shutdown; till eval '! redis-cli ping'; serve yes
        redis-cli lpush jobs 'job seven' > pushed; comes 6 work
        ends 2> noise; grep work out | sort
        """#,
      output: #"""
        job five
        ended 137
        job five
        ended 143
        work on job four
        work on job one
        work on job seven
        work on job six
        work on job three
        work on job two

        """#,
      errors: "Killed\n"),
    Trial(
      title: "MQTT: publish the errors of a log",
      script: mosquitto + #"""
        : > app.log; mosquitto
        mosquitto_sub -t errors > received & till subscribed
        cook; watched
        printf 'ERROR one\nall well\nERROR two\n' >> app.log; comes 2 . received
        ends; cat received
        """#,
      output: "ended 143\nERROR one\nERROR two\n"),
    Trial(
      title: "MQTT: run a command for each message",
      script: mosquitto + #"""
        mosquitto
        program alert <<< 'echo "alert: $(cat)"'
        cook; till subscribed
        mosquitto_pub -t errors -m one; mosquitto_pub -t other -m two; mosquitto_pub -t errors -m three
        comes 2 alert
        off $broker; till eval '! listening 1883'; mosquitto; till subscribed
        mosquitto_pub -t errors -m four
        comes 3 alert; ends 2> noise; cat out
        """#,
      output: "ended 143\nalert: one\nalert: three\nalert: four\n"),
    Trial(
      title: "NATS: run a command for each message",
      script: nats + #"""
        serve
        program work <<< 'echo "work on $1" | cat -A'
        cook; till subscribed
        publish jobs one; publish other two; publish jobs three; comes 2 work
        # It is asked twice a second whether it is there, and would be cut off.
        till pinged 3
        off $server; serve; till subscribed
        publish jobs four; comes 3 work; ends
        cat out
        """#,
      output: #"ended 143\nwork on one\$\nwork on three\$\nwork on four\$\n"#),
    Trial(
      title: "NATS: publish lines",
      script: nats + #"""
        serve
        { printf 'SUB jobs 1\r\n'; sleep 1000; } | nc localhost 4222 > received & till subscribed
        printf 'one\nzwölf Bäume\n\nlast\n' > lines; cook < lines
        comes 1 last received
        over; tr -d '\r' < received | grep -v '^INFO\|^+OK'
        """#,
      output: """
        status 0
        MSG jobs 1 3
        one
        MSG jobs 1 13
        zwölf Bäume
        MSG jobs 1 0

        MSG jobs 1 4
        last

        """),
  ]

  static let mosquitto = #"""
    mosquitto() {
      printf 'listener 1883 127.0.0.1\nallow_anonymous true\nuser root\nlog_type all\n' > mosquitto.conf
      command mosquitto -c $PWD/mosquitto.conf > mosquitto.log 2>&1 & broker=$!; listens 1883
    }
    subscribed() { grep -q 'Received SUBSCRIBE' mosquitto.log; }

    """#

  static let nats = #"""
    serve() {
      echo 'listen: "127.0.0.1:4222"; http: "127.0.0.1:8222"; ping_interval: "500ms"; ping_max: 1' > nats.conf
      nats-server -DV -c nats.conf > nats.log 2>&1 & server=$!; listens 4222 8222
    }
    subscribed() { curl -s 'localhost:8222/connz?subs=1' | jq -e '[.connections[].subscriptions_list[]?] == ["jobs"]'; }
    pinged() { (($(grep -c '<<- \[PONG\]' nats.log) >= $1)); }
    publish() { printf 'PUB %s %d\r\n%s\r\n' $1 ${#2} "$2" | nc -N localhost 4222 > published; }

    """#
}
