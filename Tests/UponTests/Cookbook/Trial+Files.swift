extension Trial {
  static let files = [
    Trial(
      title: "Build again after each save",
      script: #"""
        mkdir src; echo 1 > src/a.c; printf 'all:\n\t@echo built; until test -e go; do sleep 0.01; done\n' > Makefile
        cook; comes 1 built; watched
        for i in $(seq 100); do echo $i > src/$i.c; done; : > src/notes
        : > go; till has 2 built out
        # What editors do: a new file takes the name, here in a directory that is new.
        mkdir src/lib; watched 2; runs=$(wc -l < out); echo 2 > new; mv new src/lib/a.h
        till has $((runs + 1)) built out
        ends; echo $(($(grep -c built out) <= 5)); grep -vc built out
        """#,
      output: "ended 143\n1\n0\n"),
    Trial(
      title: "Restart a server when its source has changed",
      script: #"""
        mkdir src; echo one > src/a
        program server <<< 'echo "serves $(cat src/a)"; exec sleep 1000'
        cook; comes 1 one; watched
        echo two > src/a; comes 1 two
        echo three > new; mv new src/a; comes 1 three
        echo $(pgrep -cx sleep); ends; sed 1q out; pgrep -cx sleep
        """#,
      output: "1\nended 143\nserves one\n0\n"),
    Trial(
      title: "Check the configuration of nginx when it has changed, then reload it",
      mounts: nginxMounts,
      script: nginx + #"""
        nginx; listens 80
        cook; watched
        curl -s localhost; echo
        workers=$(pgrep -cf 'nginx: worker')
        site two; till says two
        # A worker of before answers until it has been told to end.
        till eval 'test "$(pgrep -cf "nginx: worker")" = $workers'
        site 'three"'; comes 1 'exit status 1' err
        curl -s localhost; echo
        site four; till says four
        ends
        """#,
      output: "one\ntwo\nended 143\n",
      // nginx tells what it does itself, and that it cannot set groups in a namespace.
      errors: #"(?s)([^\n]* (\[emerg\]|\[notice\]|test failed)[^\n]*\n)*"#
        + #"upon: path:/etc/nginx: nginx -q -t && nginx -s reload: exit status 1\n.*"#),
    Trial(
      title: "Take each file of a drop folder once, when it is complete",
      script: #"""
        mkdir in done; echo old > in/old; : > in/bad
        program import <<< 'sleep 0.05; echo "$1 has $(wc -l < "$1") lines"; test "$1" != in/bad || test -e again'
        cook; comes 1 'in/old has 1 lines'; watched
        { seq 1; sleep 0.1; seq 2; } > 'in/$(: > evil) "'
        seq 4 > new; mv new in/moved
        till test -e done/moved; till eval 'test "$(ls in)" = bad'
        ends; sort out; : > again
        cook; till test -e done/bad; ends; ls done; test -e evil && echo evil
        """#,
      output: #"""
        ended 143
        in/\$\(: > evil\) " has 3 lines
        in/bad has 0 lines
        in/moved has 4 lines
        in/old has 1 lines
        ended 143
        \$\(: > evil\) "
        bad
        moved
        old

        """#,
      errors: "upon: path:in: .*: exit status 1\n"),
    Trial(
      title: "Copy a folder to another place as it changes",
      script: #"""
        mkdir src; echo 1 > src/a; echo 2 > src/b
        same() { diff -r src copy; }
        cook; till same; watched
        rm src/a; echo 3 > src/b; mkdir -p src/c/d; echo 4 > src/c/d/e
        till same; ls copy; ends
        """#,
      output: "b\nc\nended 143\n",
      errors: "(rsync error: received SIGINT, SIGTERM, or SIGHUP .*\n)?"),
    Trial(
      title: "Send an alert for each line of a log that matches",
      script: #"""
        echo 'ERROR before' > app.log
        program alert <<< 'echo "alert: $(cat)"'
        cook; watched
        printf 'ERROR: disk full\nall well\nERROR: no' >> app.log; echo ' disk' >> app.log
        comes 2 alert; ends; cat out
        """#,
      output: "ended 143\nalert: ERROR: disk full\nalert: ERROR: no disk\n"),
    Trial(
      title: "Follow all logs of a folder through rotation, and go on after a restart",
      script: #"""
        mkdir log; : > log/a.log
        cook; watched
        echo 1 >> log/a.log; echo 2 > log/b.log; comes 2 log/
        mv log/a.log log/a.log.1; echo 3 >> log/a.log.1; echo 4 > log/a.log
        comes 4 log/
        ends
        echo 5 >> log/a.log; mv log/a.log log/a.log.2; echo 6 > log/a.log; echo 7 >> log/b.log
        cook; comes 7 log/; ends
        cut -f 2 out | sort -n | tr '\n' ' '
        """#,
      output: "ended 143\nended 143\n1 2 3 4 5 6 7 "),
    Trial(
      title: "Fields out of a line: who failed to log in, and from where",
      script: #"""
        : > auth.log
        program ban <<< 'echo "ban $1"'
        cook; watched
        for login in root 'it"s' '$(:>evil)'; do
          echo "Nov 25 12:00:00 vm sshd[7]: Failed password for $login from 10.0.0.7 port 5 ssh2"
        done >> auth.log
        echo 'Accepted password for me from 10.0.0.8' >> auth.log
        comes 3 ban; ends
        grep -v ban out | cut -f 2,3; grep ban out | uniq -c; test -e evil && echo evil
        """#,
      output: "ended 143\nroot\t10.0.0.7\nit\"s\t10.0.0.7\n\\$\\(:>evil\\)\t10.0.0.7\n +3 ban 10.0.0.7\n"),
    Trial(
      title: "Lines per second, zeros too",
      script: #"""
        program app <<< 'seq 100; sleep 2.5; seq 7'
        recipe
        """#,
      output: "(0\n)*100\n(0\n)+7\n"),
    Trial(
      title: "Tell when a heartbeat is lost, and when it is back",
      script: #"""
        : > pages
        program page <<< 'echo "page: $1" | tee -a pages'
        program heartbeat <<'end'
        echo beat; echo beat
        until grep -q idle pages; do sleep 0.02; done
        echo beat
        end
        recipe
        """#,
      output: "page: idle\npage: active\n"),
    Trial(
      title: "Named pipe as a queue of jobs",
      script: #"""
        program job <<'end'
        : > begun.$UPON_DATA; until test -e begun.$1; do sleep 0.01; done
        echo "$UPON_DATA done"
        end
        instead 's|\./job|"./job two"|'
        cook; till test -p jobs
        echo one > jobs; echo two > jobs; comes 2 done
        (echo three > jobs) & (echo four > jobs) & comes 4 done
        ends; sort out; test -e jobs || echo clean
        """#,
      output: "ended 143\nfour done\none done\nthree done\ntwo done\nclean\n"),
    Trial(
      title: "Alerts from rsyslog",
      script: #"""
        cat > rsyslog.conf <<end
        module(load="imuxsock" SysSock.Use="off")
        input(type="imuxsock" Socket="$PWD/log")
        *.err @127.0.0.1:5514
        end
        program alert <<< 'echo "alert: ${UPON_DATA##*: }"'
        cook; listens 5514
        rsyslogd -n -f $PWD/rsyslog.conf -i $PWD/rsyslog.pid & till test -S log
        logger -u log -p user.info 'disk fine'
        logger -u log -p user.err 'mouse lost'
        logger -u log -p user.err 'disk full'
        logger -u log -p user.crit 'memory short'
        comes 2 alert; ends; cat out
        """#,
      output: "ended 143\nalert: disk full\nalert: memory short\n"),
    Trial(
      title: "Log socket of a container that has no syslog daemon",
      mounts: #"""
        mkdir dev; mount -t tmpfs none dev
        for node in null zero random tty; do : > dev/$node; mount --bind /dev/$node dev/$node; done
        ln -s /proc/self/fd dev/fd
        mount --move dev /dev
        """#,
      script: #"""
        cook; till test -S /dev/log
        logger -p user.err 'disk full'
        python3 -c 'import syslog; syslog.syslog("from Python"); syslog.syslog("twice")'
        comes 3 .; stat -c %a /dev/log
        ends; sed -E 's/^[-0-9T:.]+Z\t<[0-9]+>.*: /TIME /' out; test -e /dev/log || echo clean
        """#,
      output: "666\nended 143\nTIME disk full\nTIME from Python\nTIME twice\nclean\n"),
    Trial(
      title: "Load the lines of a log into PostgreSQL, a batch at a time",
      script: postgres + #"""
        postgres; psql -qc 'create table log(line text)'
        : > app.log
        amount() { test "$(psql -Atc 'select count(*) from log')" = $1; }
        cook; watched
        seq 500 >> app.log; printf 'a\\b\tc "d", e\n' >> app.log
        till amount 501
        ends; echo late >> app.log
        cook; till amount 502; ends
        psql -Atc "select line from log where line ~ '[a-z]' order by line"
        """#,
      output: #"""
        ended 143
        ended 143
        a\\b	c "d", e
        late

        """#),
  ]

  /// What nginx reads and writes is below the directory of the trial; `site` says what it answers.
  static let nginxMounts = #"""
    mkdir -p nginx/etc nginx/run nginx/log nginx/lib
    mount --bind nginx/etc /etc/nginx; mount --bind nginx/run /run
    mount --bind nginx/log /var/log/nginx; mount --bind nginx/lib /var/lib/nginx
    """#

  static let nginx = #"""
    site() {
      cat > site.new <<end
    user root; worker_processes 1; events {}
    http { access_log off; server { listen 80; location / { return 200 "$1"; } } }
    end
      mv site.new /etc/nginx/nginx.conf
    }
    says() { test "$(curl -s localhost)" = "$1"; }
    site one

    """#
}
