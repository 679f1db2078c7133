extension Trial {
  static let servers = [
    Trial(
      title: "Print what clients send",
      script: #"""
        cook; listens 7000
        for client in $(seq 20); do printf "one $client\ntwo $client" | nc -N localhost 7000 & done
        comes 20 one; comes 20 two; ends
        sort -u out | wc -l; cut -f 1 out | sort -n | uniq -c | grep -c ' 2 '
        """#,
      output: "ended 143\n40\n20\n"),
    Trial(
      title: "Run a program for each connection",
      script: #"""
        program handler <<< 'read -r name; echo "$PROTO hello $name from $TCPREMOTEIP"'
        cook; listens 7000
        for name in me you; do echo $name | nc -N 127.0.0.1 7000; done
        ends
        """#,
      output: "TCP hello me from 127.0.0.1\nTCP hello you from 127.0.0.1\nended 143\n"),
    Trial(
      title: "Upper-case server for 20 clients at once",
      script: #"""
        cook; listens 7000
        # 20 clients are answered while all of them are connected, and a 21st when one of them has gone.
        for client in $(seq 21); do
          { echo "first $client"; till test -e go; echo "second $client"; } | nc -N localhost 7000 >> answers &
          clients="$clients $!"
        done
        comes 20 FIRST answers; : > go
        wait $clients; ends
        grep -c '^FIRST [0-9]*$' answers; grep -c '^SECOND [0-9]*$' answers; sort -u answers | wc -l
        """#,
      output: "ended 143\n21\n21\n42\n"),
    Trial(
      title: "Upper-case server with one short command for each line",
      script: #"""
        cook; listens 7000
        for client in $(seq 20); do
          seq -f "line $client of %g" 3 | nc -N localhost 7000 > answer.$client & clients="$clients $!"
        done
        wait $clients; ends
        for client in $(seq 20); do seq -f "LINE $client OF %g" 3 | cmp - answer.$client && echo right; done | uniq -c
        """#,
      output: "ended 143\n +20 right\n"),
    Trial(
      title: "Answer HTTP requests",
      script: #"""
        cook; listens 8080
        curl -s localhost:8080/a; curl -s -d x=1 localhost:8080/b
        for page in $(seq 40); do curl -s localhost:8080/$page & done | sort -u | wc -l
        ends
        """#,
      output: "you asked for /a\nyou asked for /b\n40\nended 143\n"),
    Trial(
      title: "Put nginx in front, for TLS and names",
      mounts: nginxMounts,
      script: nginx + #"""
        program hook <<'end'
        read -r method path version
        while read -r line && [ "$line" != $'\r' ]; do :; done
        printf 'HTTP/1.0 200 OK\r\n\r\n%s %s\n' "$method" "$path"
        end
        sed -i 's|location / .*;|location /hook { proxy_pass http://unix:/run/hook.sock:;|' /etc/nginx/nginx.conf
        nginx 2> noise; listens 80
        cook; till test -S /run/hook.sock; stat -c %a /run/hook.sock
        curl -s localhost/hook/a; curl -s localhost/hook/b; curl -s -o page -w '%{http_code}\n' localhost/other
        ends
        """#,
      output: "666\nGET /hook/a\nGET /hook/b\n404\nended 143\n"),
    Trial(
      title: "Log socket: the time and the process of the peer on each line",
      script: #"""
        cook; till test -S app.sock; stat -c %a app.sock
        printf 'one\ntwo\n' | nc -NU app.sock & first=$!; wait $first
        comes 2 . app.log; mv app.log app.log.1
        until test -e app.log; do echo "1	I am 1" | nc -NU app.sock; sleep 0.2; done
        ends
        cat app.log.1 app.log | sed -E "s/^[-0-9T:.]{26}Z\t/TIME /; s/\t/ /; s/ $first / first /; s/ [0-9]+ / other /" | uniq
        """#,
      output: #"666\nended 143\nTIME first one\nTIME first two\nTIME other 1\\tI am 1\n"#),
    Trial(
      title: "Chat room: what one client says, all hear",
      script: #"""
        cook; listens 7000
        { till grep -q hello a; echo good day; till grep -q day a; } | nc -N localhost 7000 > a & clients=$!
        till eval 'test $(ss -Htn state established "dport = :7000" | wc -l) = 1'
        { echo hello; till grep -q day b; } | nc -N localhost 7000 > b & clients="$clients $!"
        wait $clients; ends; cat a b
        """#,
      output: "ended 143\nhello\ngood day\nhello\ngood day\n"),
    Trial(
      title: "Share one port among several processes",
      script: #"""
        cook; till eval 'test $(ss -Hltn "sport = :7000" | wc -l) -ge 8 || test $(ss -Hltn "sport = :7000" | wc -l) = 4'
        for client in $(seq 60); do echo $client | nc -N localhost 7000 & clients="$clients $!"; done
        wait $clients; comes 60 .
        ends; cut -f 2 out | sort -u | wc -l
        echo $(($(cut -f 1 out | sort -u | wc -l) >= 2)); cut -f 1 out | grep -vc '^web[1234]$'
        """#,
      output: "ended 0\n60\n1\n0\n"),
    Trial(
      title: "Let in some addresses only, and few connections of each",
      script: #"""
        program handler <<< 'echo welcome; read -r line; echo "$line"'
        cook; listens 7000
        from() { nc -N -s $1 $2 7000; }
        { till test -e go; echo bye; } | from 127.0.0.1 127.0.0.1 > a & clients=$!
        { till test -e go; echo bye; } | from 127.0.0.1 127.0.0.1 > b & clients="$clients $!"
        till eval 'grep -q welcome a && grep -q welcome b'
        echo third | from 127.0.0.1 127.0.0.1
        echo stranger | from 127.0.0.2 127.0.0.1
        : > go; wait $clients; cat a b
        echo again | from 127.0.0.1 127.0.0.1
        ends
        """#,
      output: "welcome\nbye\nwelcome\nbye\nwelcome\nagain\nended 143\n"),
    Trial(
      title: "Pass the connections of a port on to another",
      script: #"""
        socat TCP-LISTEN:5432,reuseaddr,fork SYSTEM:'tr a-z A-Z' & listens 5432
        cook; listens 7000
        for name in one two; do echo $name | nc -N localhost 7000; done
        ends
        """#,
      output: "ONE\nTWO\nended 143\n"),
    Trial(
      title: "Gather what comes by UDP, and work it off once a second",
      script: #"""
        cook; listens 8125
        for word in hit miss hit hit; do printf $word > /dev/udp/127.0.0.1/8125; done
        till eval 'test $(awk "{ s += \$1 } END { print s + 0 }" out) = 4'
        ends; awk '{ amount[$2] += $1 } END { for (word in amount) print word, amount[word] }' out | sort
        echo $(($(wc -l < out) <= 3))
        """#,
      output: "ended 143\nhit 3\nmiss 1\n1\n"),
    Trial(
      title: "Socket activation: systemd listens, the first client starts the server",
      script: #"""
        program handler <<< 'read -r name; echo "$PROTO hello $name"'
        cook; listens 7000; upons | wc -l
        for name in one two; do echo $name | nc -N 127.0.0.1 7000; done
        upons | wc -l; ends
        """#,
      output: "0\nTCP hello one\nTCP hello two\n1\nended 143\n",
      errors: "Listening on 127.0.0.1:7000 as 3.\nCommunication attempt on fd 3.\nExecing .*\n"),
    Trial(
      title: "Start nginx at its first client",
      mounts: nginxMounts,
      script: nginx + #"""
        cook; listens 80; pgrep -cx nginx
        curl -s localhost; echo
        watched; site two; till says two
        ends 2> noise; pgrep -cx nginx; ss -Hltn | wc -l
        """#,
      output: "0\none\nended 143\n0\n0\n"),
  ]
}
