extension Trial {
  static let calendar = [
    Trial(
      title: "One JSON line a second, five times",
      script: #"""
        before=$(milliseconds)
        recipe | jq -c '[.seq, .event, .kind, .count]'
        echo $((($(milliseconds) - before) >= 5000))
        """#,
      output:
        #"\[1,"tick","every",1\]\n\[2,"tick","every",1\]\n\[3,"tick","every",1\]\n\[4,"tick","every",1\]\n\[5,"tick","every",1\]\n1\n"#
    ),
    Trial(
      title: "Run a command every two seconds",
      script: #"""
        program status <<< 'echo "status $UPON_NUMBER"'
        before=$(milliseconds)
        cook; comes 1 'status 0'; echo $((($(milliseconds) - before) < 2000))
        comes 1 'status [1-9]'; echo $((($(milliseconds) - before) >= 2000))
        ends
        """#,
      output: "1\n1\nended 143\n"),
    Trial(
      title: "Every night at half past four in Berlin",
      script: #"""
        program backup <<< 'echo "backup due $UPON_DUE, in Berlin $(TZ=Europe/Berlin date +%H:%M)"'
        clock 2026-03-28T12:00Z
        turn 2026-03-29T01:30:00Z; test -s out && echo early
        turn 2026-03-29T02:30:00Z; comes 1 'backup due'
        turn 2026-03-30T02:30:00Z; comes 2 'backup due'
        ends; cat out
        """#,
      output: #"""
        ended 143
        backup due 2026-03-29T04:30:00\+02:00, in Berlin 04:30
        backup due 2026-03-30T04:30:00\+02:00, in Berlin 04:30

        """#),
    Trial(
      title: "See when a schedule comes next",
      script: #"""
        recipe > out; jq -r .name out | sort | uniq -c
        jq -r .time out | while read -r time; do date -d "$time" +%s; done | sort -nc && echo in order
        jq -r .time out | while read -r time; do echo $(($(date -d "$time" +%s) > $(date +%s))); done | uniq -c
        jq -r '.name + .time[10:16]' out | sort -u
        """#,
      output: #"""
         +3 calendar:Mon\.\.Fri 04:30
         +3 cron:0 9 1 \* \*
        in order
         +6 1
        calendar:Mon\.\.Fri 04:30T04:30
        cron:0 9 1 \* \*T09:00

        """#),
    Trial(
      title: "Every hour, or on request",
      script: #"""
        program report <<< 'echo "report by $UPON_EVENT"; until test -e go; do sleep 0.01; done; echo done'
        cook; signalled USR1; kill -USR1 $(upons); comes 1 'report by signal'
        kill -USR1 $(upons); : > go
        comes 2 done; ends
        sort out | uniq -c
        """#,
      output: "ended 143\n +2 done\n +2 report by signal\n"),
    Trial(
      title: "Once, at half past six",
      script: #"""
        program send <<< 'echo "sent at $(date +%H:%M)"'
        export TZ=UTC
        clock 2026-11-25T12:00Z
        turn 2026-11-25T18:30:00Z
        over; cat out
        """#,
      output: "status 0\nsent at 18:30\n"),
    Trial(
      title: "Keep a worker until the end of the day",
      script: #"""
        program worker <<'end'
        trap 'echo worker ends; exit 0' TERM
        test -e again || { : > again; exit 3; }
        echo works
        while idle; do :; done
        end
        export TZ=UTC
        clock 2026-11-25T12:00Z
        comes 1 works
        turn 2026-11-25T18:00:00Z
        over; jq -r '"\(.name) \(.event) \(.data // .status)"' out
        """#,
      output: #"""
        status 0
        run:exec ./worker exit 3
        run:exec ./worker line works
        at:18:00 timeout null
        run:exec ./worker line worker ends
        run:exec ./worker exit 0

        """#),
  ]
}
