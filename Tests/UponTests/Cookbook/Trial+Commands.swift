extension Trial {
  static let commands = [
    Trial(
      title: "Give a command five seconds",
      script: #"""
        program job <<< 'echo begun; sleep 1000 & wait'
        before=$(milliseconds)
        recipe; echo $?
        echo $((($(milliseconds) - before) >= 5000)) $(pgrep -cx sleep)
        program job <<< 'echo quick; exit 7'
        recipe; echo $?
        """#,
      output: "begun\n124\n1 0\nquick\n7\n",
      errors: "upon: timed out after 5s; still missing: run:./job\n"),
    Trial(
      title: "End a command that has printed nothing for ten seconds",
      script: #"""
        program download <<< 'echo half; echo whole; exit 7'
        recipe; echo $?
        program download <<< 'for part in 1 2 3; do echo $part; sleep 0.1; done; exec sleep 1000'
        instead 's/10s/700ms/'
        before=$(milliseconds)
        recipe; echo $?
        echo $((($(milliseconds) - before) >= 900)) $(pgrep -cx sleep)
        """#,
      output: "half\nwhole\n7\n1\n2\n3\n124\n1 0\n"),
    Trial(
      title: "Run a command for each line, four at a time",
      script: #"""
        # The first four wait for each other, so that four must run at once; the others count who runs.
        program job <<'end'
        echo . >> running.$$
        ls | grep -c "^running" >> amounts
        if test ! -e four; then
          until test -e four || test $(ls | grep -c "^running") = 4; do sleep 0.01; done
          : > four
        fi
        echo "$UPON_DATA, $(cat)"
        rm running.$$
        test "$UPON_DATA" != three
        end
        printf '%s\n' one two three '$(: > evil)' "it's; : > evil" six seven eight > list
        recipe > out; echo $?
        sort out; sort -n amounts | tail -n 1; test -e evil && echo evil
        """#,
      output: #"""
        123
        \$\(: > evil\), \$\(: > evil\)
        eight, eight
        it's; : > evil, it's; : > evil
        one, one
        seven, seven
        six, six
        three, three
        two, two
        4

        """#,
      errors: "upon: stdin: ./job: exit status 1\n"),
    Trial(
      title: "Keep apart what parallel commands print",
      script: #"""
        program job <<'end'
        echo "$UPON_DATA begins"; : > begun.$UPON_DATA
        until test $(ls | grep -c "^begun") = 4; do sleep 0.01; done
        echo "$UPON_DATA ends"
        end
        printf '%s\n' a b c d > list
        recipe | paste - - | sort
        """#,
      output: "a begins\ta ends\nb begins\tb ends\nc begins\tc ends\nd begins\td ends\n"),
    Trial(
      title: "Run three jobs at once, and stop all when one fails",
      script: #"""
        program a <<< ': > a.begun; exec sleep 1000'
        program b <<< 'until test -e a.begun && test -e c.over; do sleep 0.01; done; exit 4'
        program c <<< 'echo c is done; : > c.over'
        recipe; echo $? $(pgrep -cx sleep)
        """#,
      output: "c is done\n4 0\n"),
    Trial(
      title: "The newest only, while a command is busy",
      script: #"""
        program producer <<'end'
        echo 1; until test -e busy; do sleep 0.01; done
        printf '2\n3\n4\n'; : > go
        end
        program render <<'end'
        echo "renders $UPON_DATA, $UPON_MERGED besides"
        : > busy; until test -e go; do sleep 0.01; done; sleep 0.2
        end
        recipe
        """#,
      output: "renders 1, 0 besides\nrenders 4, 2 besides\n"),
    Trial(
      title: "One run for a burst: 200 ms after it, 1 s after its begin at the latest",
      script: #"""
        program changes <<'end'
        printf 'a\nb\nc\n'
        until test -s built; do sleep 0.01; done
        echo d
        end
        program rebuild <<< 'echo "$UPON_DATA ends a burst of $UPON_COUNT" | tee -a built'
        before=$(milliseconds)
        recipe
        echo $((($(milliseconds) - before) >= 200))
        """#,
      output: "c ends a burst of 3\nd ends a burst of 1\n1\n"),
    Trial(
      title: "One run a second at most",
      script: #"""
        program changes <<< 'printf "a\nb\nc\n"; until test $(wc -l < published) = 2; do sleep 0.01; done'
        program publish <<< 'echo "publishes $UPON_DATA" | tee -a published'
        : > published
        before=$(milliseconds)
        recipe
        echo $((($(milliseconds) - before) >= 1000))
        """#,
      output: "publishes a\npublishes c\n1\n"),
    Trial(
      title: "Several reasons to run, never two runs at once",
      script: #"""
        mkdir queue
        program sync <<'end'
        echo . >> running; echo "$(wc -l < running) at once, by $UPON_EVENT"
        until test -e go; do sleep 0.01; done
        sed -i 1d running
        end
        cook; comes 1 'by tick'; watched
        echo 1 > queue/new; : > go
        comes 1 'by written'
        ends; cat out
        """#,
      output: "ended 143\n1 at once, by tick\n1 at once, by written\n"),
    Trial(
      title: "Try again, with growing pauses, until it works",
      script: #"""
        program upload <<< 'echo . >> tries; echo try $(wc -l < tries); test $(wc -l < tries) = 3'
        before=$(milliseconds)
        recipe; echo $? $((($(milliseconds) - before) >= 3000))
        rm tries; instead 's/10m/500ms/'
        recipe; echo $?
        """#,
      output: "try 1\ntry 2\ntry 3\n0 1\ntry 1\n124\n",
      errors: "upon: timed out after 500ms\n"),
    Trial(
      title: "Keep a server running",
      script: #"""
        program server <<'end'
        echo . >> starts
        case $(wc -l < starts) in
        1) echo serves; exit 3 ;;
        2) kill -KILL $$ ;;
        3) exit 0 ;;
        *) echo serves at last; exec sleep 1000 ;;
        esac
        end
        cook; comes 1 'serves at last'
        ends; sed 's/^2.*Z\t/TIME\t/' out | cat -A; pgrep -cx sleep
        """#,
      output: #"""
        ended 143
        serves\$
        TIME\^Iexit\^I3\^I\$
        TIME\^Iexit\^I\^IKILL\$
        TIME\^Iexit\^I0\^I\$
        serves at last\$
        TIME\^Iexit\^I\^ITERM\$
        0

        """#),
    Trial(
      title: "Restart a server on HUP, end cleanly on TERM",
      script: #"""
        program server <<'end'
        trap 'echo "$1 server ends"; rm one; exit 0' TERM
        test -e one && echo two at once
        : > one; echo server begins
        while idle; do :; done
        end
        program cleanup <<< 'echo cleans up'
        cook; signalled TERM; comes 1 begins
        kill -HUP $(upons); comes 2 begins; cat out; : > out
        ends TERM; cat out
        """#,
      output: """
        server begins
         server ends
        server begins
        ended 0
         server ends
        cleans up

        """),
  ]
}
