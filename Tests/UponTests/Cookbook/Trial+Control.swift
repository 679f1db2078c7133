extension Trial {
  static let control = [
    Trial(
      title: "Add, fire and remove rules while it runs",
      script: #"""
        program report <<< 'sleep 0.2; echo "report by $UPON_NAME, by hand: $UPON_TRIGGERED"'
        recipe; echo $?; test -e ctl || echo clean
        """#,
      output: "report by report, by hand: true\n0\nclean\n"),
    Trial(
      title: "See what is watched, what runs, and who is connected",
      script: #"""
        upon -q --control unix:ctl every:1h name=beat start do 'exec sleep 1000' tcp-listen:7000 name=door & upon=$!
        listens 7000; till test -S ctl
        { till test -e go; } | nc -N 127.0.0.1 7000 & client=$!
        till eval 'uponctl ctl list | jq -e ".connections[0]"'
        recipe | grep -oE '^ *(beat|door)|exec sleep 1000|127\.0\.0\.1' | sort | uniq -c
        : > go; wait $client; uponctl ctl exit; wait $upon
        """#,
      output: " +1 127\\.0\\.0\\.1\n +[12] beat\n +[12] door\n +1 exec sleep 1000\n"),
    Trial(
      title: "Unit of systemd",
      script: #"""
        sed "s|/usr/bin/upon|$(command -v upon)|; s|/srv/app|$PWD|" recipe > app.service
        systemd-analyze verify ./app.service; echo $?
        # What systemd would start, with a receiver in its place.
        program server <<< 'echo serves; exec sleep 1000'
        sed -n '/^ExecStart/,/until/{ s/^ExecStart=//; p }' app.service > recipe
        upon -q unix-dgram-listen:notify on=+listening do 'cat >> told; : > listening' & receiver=$!
        till test -e listening
        export NOTIFY_SOCKET=$PWD/notify; cook; unset NOTIFY_SOCKET
        comes 1 serves; till grep -q . told; grep -a -c '^READY=1$' told
        kill -HUP $(upons); comes 2 serves
        ends; off $receiver; pgrep -cx sleep
        """#,
      output: "0\n1\nended 143\n0\n"),
    Trial(
      title: "See what would be done",
      script: #"""
        recipe | sed 's/ .* match=ERROR .* do / ... do /'
        test -e app.log || test -e alert || echo nothing is there
        """#,
      output: #"tail:app\.log \.\.\. do \./alert.*\nnothing is there\n"#),
  ]
}
