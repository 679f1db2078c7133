extension Trial {
  static let records = [
    Trial(
      title: "Timestamps on lines, as TSV, without jq",
      script: #"""
        program app <<< 'printf "one\ttab\ntwo\\\\ \n"'
        recipe > out; cut -f 2 out
        cut -f 1 out | while read -r time; do echo $(($(date +%s) - $(date -d "$time" +%s) <= 15)); done
        grep -cE '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{6}Z	' out
        """#,
      output: #"one\\ttab\ntwo\\\\ \n1\n1\n2\n"#),
    Trial(
      title: "Errors into one file, the rest into another",
      script: #"""
        program app <<< 'printf "all well\nERROR one\nall well\nERROR two\n"'
        recipe; cat errors.log; uniq -c rest.log
        """#,
      output: "ERROR one\nERROR two\n +2 all well\n"),
    Trial(
      title: "Take one line, leave the rest to the next reader",
      script: #"""
        program app <<< 'printf "first\nsecond\nthird\n"'
        recipe
        """#,
      output: "first\nhas second\nhas third\n"),
    Trial(
      title: "How long each run took",
      script: #"""
        program job <<< 'sleep 0.3; exit 3'
        cook; comes 1 ms
        awk '{ print NF, $2, ($3 >= 300) }' out
        ends
        """#,
      output: "4 3 1\nended 0\n",
      errors: "upon: every:1m: ./job: exit status 3\n"),
    Trial(
      title: "Coprocess of bash that reads events as they come",
      shell: "bash",
      script: #"""
        mkfifo keys; exec 3<> keys
        cook < keys; echo one >&3; comes 1 'read one'; over; cat out
        """#,
      output: "status 0\nread one\nstill here\n"),
    Trial(
      title: "Records in Python",
      shell: "python3",
      script: #"""
        cook; listens 7000
        printf 'one "quoted"\ntwo\n' | nc -N 127.0.0.1 7000; comes 2 .
        stops TERM; sed -E 's/:[0-9]+ / /' out
        """#,
      output: "stopped 143\n1 127.0.0.1 one \"quoted\"\n1 127.0.0.1 two\n"),
    Trial(
      title: "Makefile: tests that need a server",
      shell: "make -sf",
      script: #"""
        program server <<< 'exec socat TCP-LISTEN:8080,reuseaddr,fork SYSTEM:"tr a-z A-Z" 2> noise'
        program tests <<< 'echo tests pass | nc -N localhost 8080'
        recipe; echo $?
        program tests <<< 'exit 3'
        recipe 2> err; echo $?; grep -c 'Error 3' err; : > err
        program tests <<< 'echo waits; exec sleep 1000'
        cook; comes 1 waits; stops INT 2> noise
        till eval '! ss -Hltn | grep .'; pgrep -cx sleep
        """#,
      output: "TESTS PASS\n0\n2\n1\nstopped (130|2)\n0\n"),
  ]
}
