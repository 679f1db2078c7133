import Testing

@testable import UponCore

/// Every input that is refused, with the one line that says so.
@Suite struct BadInputTests {
  private func message(_ words: [String]) -> String? {
    let typed = said(words.map { Word($0) })
    checkFile(of: words, typed)
    return typed
  }

  private func said(_ words: [Word]) -> String? {
    do {
      _ = try Parser.parse(words)
      return nil
    } catch {
      return error.message
    }
  }

  /// Checks that of a file with the words, one a line, the same is said behind its name and the line of the word.
  private func checkFile(of words: [String], _ typed: String?) {
    do {
      let file = try ScratchFile(words.flatMap { Word($0).shell + [10] })
      let read = said(["-f", Word(file.path)])
      guard let typed else { return #expect(read == nil, "\(words)") }
      let place = Word(file.path).text + ":"
      guard let read, read.hasPrefix(place) else {
        return #expect(Bool(false), "\(words): \(read ?? "accepted")")
      }
      let line = read.dropFirst(place.count).prefix { $0 != ":" }
      #expect(read == "\(place)\(line): \(typed)")
      // Where the message begins with one word of several, it is that one's line.
      var first = 1
      let lines = words.map { word in
        defer { first += 1 + word.utf8.count { $0 == 10 } }
        return first
      }
      let named = typed.split(separator: "'", omittingEmptySubsequences: false)
      let places = lines.indices.filter { named.count > 2 && Word(words[$0]).text == named[1] }
      if !places.isEmpty { #expect(places.contains { "\(lines[$0])" == line }, "\(read)") }
      if lines.isEmpty {
        #expect(line == "1")
      } else {
        #expect(lines.contains { "\($0)" == line }, "\(read)")
      }
    } catch {
      Issue.record(error)
    }
  }

  @Test(arguments: [
    ([], "expected a source, such as every:5s or stdin; upon --help shows the grammar"),
    (["-q"], "expected a source, such as every:5s or stdin; upon --help shows the grammar"),
    (["--", "x"], "expected a source, such as every:5s or stdin; upon --help shows the grammar"),
    (["evry:5s"], "'evry:5s': unknown kind 'evry'; did you mean every:5s?"),
    (["lisen:80"], "'lisen:80': unknown kind 'lisen'; did you mean tcp-listen:80?"),
    (["proces:5"], "'proces:5': unknown kind 'proces'; did you mean pid:5?"),
    (["db:5432"], "'db:5432': unknown kind 'db'; did you mean tcp:db:5432?"),
    (["stdn:0"], "'stdn:0': unknown kind 'stdn'; did you mean stdin?"),
    (["every:"], "'every:': expected an address, every:PERIOD"),
    (["every"], "'every': expected an address, every:PERIOD"),
    (["every:0"], "'every:0': expected a duration longer than 0"),
    (["every:-1s"], "'every:-1s': expected a duration such as 250ms, 5s or 1h30m"),
    (["every:5x"], "'every:5x': unknown unit 'x'; expected us, ms, s, m, h, d or w"),
    (["after:5min"], "'after:5min': unknown unit 'min'; expected us, ms, s, m, h, d or w"),
    (["every:1h5sec"], "'every:1h5sec': unknown unit 'sec'; expected us, ms, s, m, h, d or w"),
    (["every:1h30"], "'every:1h30': expected a duration such as 250ms, 5s or 1h30m"),
    (["every:nan"], "'every:nan': expected a duration such as 250ms, 5s or 1h30m"),
    (["signal:KILL"], "'signal:KILL': KILL cannot be watched: the kernel delivers it to nobody"),
    (["signal:SEGV"], "'signal:SEGV': SEGV cannot be watched: it is the signal of a crash"),
    (["signal:FOO"], "'signal:FOO': unknown signal 'FOO'; kill -l lists them"),
    (["signal:TEMR"], "'signal:TEMR': unknown signal 'TEMR'; did you mean TERM?"),
    (["fd:"], "'fd:': expected an address, fd:N"),
    (["fd:x"], "'fd:x': expected the number of a descriptor, as in fd:3"),
    (["fd:-1"], "'fd:-1': expected the number of a descriptor, as in fd:3"),
    (["fd:-0"], "'fd:-0': expected the number of a descriptor, as in fd:3"),
    (["start:x"], "'start:x': start takes no address"),
    (["stdin:0"], "'stdin:0': stdin takes no address"),
    (["stdin:"], "'stdin:': stdin takes no address"),
  ])
  func `a source that is none is refused`(words: [String], expected: String) {
    #expect(message(words) == expected)
  }

  @Test(arguments: [
    (["do", "date"], "'do': expected a source before it, such as every:5s"),
    (["do"], "'do': expected a source before it, such as every:5s"),
    (["print"], "'print': expected a source before it, such as every:5s"),
    (["ignore"], "'ignore': expected a source before it, such as every:5s"),
    (["every:5s", "do"], "'do': expected COMMAND after it, one word for the shell, such as './job -q'"),
    (["every:5s", "do", ""], "'do': COMMAND is empty"),
    (["every:5s", "do", " \t\n"], "'do': COMMAND is empty"),
    (["every:5s", "do", "date", "-u"], "'-u' stands after do: quote the whole command, do 'date -u'"),
    (
      ["every:5s", "do", "echo", "hi", "a  b", ""],
      #"'hi': COMMAND is one word: quote the whole command, do 'echo hi "a  b" ""'"#
    ),
    (["every:5s", "do", "./job", "-q"], "'-q' stands after do: quote the whole command, do './job -q'"),
    (["every:5s", "do", "it's", "-q"], #"'-q' stands after do: quote the whole command, do 'it'\''s -q'"#),
    (["every:1s", "do", "x", "every:2s", "-q"], "'-q': options stand before the first do"),
    (
      ["every:5s", "do", "date", "foo"], "'foo': COMMAND is one word: quote the whole command, do 'date foo'"
    ),
    (["every:5s", "do", "env", "A=b"], "'A=b': COMMAND is one word: quote the whole command, do 'env A=b'"),
    (
      ["every:5s", "do", "env", "FD=3"], "'FD=3': COMMAND is one word: quote the whole command, do 'env FD=3'"
    ),
    (["every:5s", "do", "scp", "a:b"], "'a:b': COMMAND is one word: quote the whole command, do 'scp a:b'"),
    (
      ["every:5s", "do", "grep", "limit"],
      "'limit': COMMAND is one word: quote the whole command, do 'grep limit'"
    ),
    (["every:5s", "do", "sleep", "5s"], "'5s': COMMAND is one word: quote the whole command, do 'sleep 5s'"),
    (["every:5s", "do", "x", "stdin=xml"], "'stdin=xml': expected data, event, none or inherit"),
    (
      ["every:5s", "do", "x", "stdin=inherit", "jobs=2"],
      "'stdin=inherit': one run at a time reads standard input, and there would be 2; say jobs=1"
    ),
    (
      ["tcp-listen:0", "do", "x", "stdin=inherit"],
      "'stdin=inherit': one run at a time reads standard input, and there would be 40; say jobs=1"
    ),
    (
      ["start", "do", "x", "stdin=inherit", "finish", "do", "y", "stdin=inherit"],
      "'stdin=inherit': standard input is read by 'do x' already"
    ),
    (
      ["run:a", "stdin=inherit", "run:b", "stdin=inherit"],
      "'stdin=inherit': standard input is read by 'run:a' already"
    ),
    (
      ["--control", "stdin", "run:a", "stdin=inherit"],
      "'stdin=inherit': requests come from standard input, by --control"
    ),
    (["every:1s", "do", "x", "evry:2s"], "'evry:2s': unknown kind 'evry'; did you mean every:2s?"),
    (["every:1s", "./job"], "'./job': unknown word; did you mean do ./job?"),
    (["every:1s", "./job -q"], "'./job -q': unknown word; did you mean do './job -q'?"),
    (["every:1s", "ignore", "print"], "'ignore': has no effect beside another action of its rule"),
    (["every:1s", "print", "ignore"], "'ignore': has no effect beside another action of its rule"),
    (["or"], "'or': expected a source before it, such as every:5s"),
    (["every:1s", "or"], "'or': expected a source after it"),
    (["every:1s", "or", "or"], "'or': expected a source after it"),
    (["every:1s", "or", "do", "x"], "'or': expected a source after it"),
    (["every:1s", "or", "now"], "'or': expected a source after it, not 'now'"),
    (["every:1s", "or", "--", "x"], "'or': expected a source after it"),
    (["every:1s", "print", "or"], "'or': stands between two sources of a rule, not after 'print'"),
    (["every:1s", "or", "every:1s"], "'every:1s': stands twice in its rule"),
    (["stdin", "--"], "'--': expected PROGRAM after it"),
    (["stdin", "--", ""], "'--': PROGRAM is empty"),
    (
      ["every:1s", "do", "x", "--", "y"],
      "'y': has no effect: every rule has an action, and there is no -1, -n or -a"
    ),
  ])
  func `a rule that is none is refused`(words: [String], expected: String) {
    #expect(message(words) == expected)
  }

  @Test(arguments: [
    (["now"], "'now': a setting of every, path and paths; put it after its source"),
    (["now", "every:5s"], "'now': a setting of every, path and paths; put it after its source"),
    (["limit=3", "every:5s"], "'limit=3': a setting of any source; put it after its source"),
    (["write"], "'write': a setting of fd and stdin; put it after its source"),
    (["as=tsv"], "'as=tsv': a setting of print; put it after print"),
    (["every:5s", "nwo"], "'nwo': unknown word; did you mean now?"),
    (["stdin", "frame=xml"], "'frame=xml': expected line, nul, chunk or none"),
    (["every:5s", "write"], "'write': not a setting of every; fd and stdin have it"),
    (["stdin", "now"], "'now': not a setting of stdin; every, path and paths have it"),
    (["stdin", "limit=0"], "'limit=0': expected a whole number from 1"),
    (["stdin", "limit="], "'limit=': expected a whole number from 1"),
    (["stdin", "limit"], "'limit': expected a value, limit=N"),
    (["stdin", "exit=256"], "'exit=256': expected a status from 0 to 255, or EVENT:STATUS"),
    (["stdin", "name="], "'name=': expected a text that is not empty"),
    (["stdin", "on="], "'on=': expected events such as end, +end or all"),
    (["stdin", "on=idle"], "'on=idle': 'idle' needs idle=D[,AGAIN]"),
    (["stdin", "exit=idle:1"], "'exit=idle:1': 'idle' needs idle=D[,AGAIN]"),
    (["stdin", "on=data"], "'on=data': 'data' needs frame=chunk"),
    (["stdin", "on=writable"], "'on=writable': 'writable' needs write"),
    (
      ["stdin", "on=tick"],
      "'on=tick': stdin has no event 'tick'; it has line, data, readable, writable, idle, end, error and active"
    ),
    (["stdin", "on=lin"], "'on=lin': stdin has no event 'lin'; did you mean line?"),
    (["stdin", "frame=chunk", "on=line"], "'on=line': 'line' cannot happen here; data takes its place"),
    (["every:1s", "exit=tock:1"], "'exit=tock:1': every has no event 'tock'; did you mean tick?"),
    (["stdin", "match=["], "'match=[': missing terminating ] for character class at offset 1"),
    (["stdin", "match=a", "match=b"], "'match=b': match stands twice"),
    (["stdin", "frame=none", "match=x"], "'match=x': has no effect: no event with data is delivered here"),
    (
      ["stdin", "idle=1s", "on=idle", "match=x"],
      "'match=x': has no effect: no event with data is delivered here"
    ),
    (["stdin", "write", "idle=1s"], "'idle=1s': has no effect beside write, which reads nothing"),
    (["stdin", "write", "unmatch=x"], "'unmatch=x': has no effect: no event with data is delivered here"),
    (["stdin", "name=a", "stdin", "name=b"], "'name=b': 'stdin' is one source and has 'name=a' already"),
    (
      ["stdin", "max=1K", "or", "fd:0", "max=2K"], "'max=2K': 'stdin' is one source and has 'max=1K' already"
    ),
    (["every:1s", "name=stdin", "stdin"], "'stdin': 'every:1s' has that name already; names are unique"),
    (
      ["every:1s", "name=a", "every:2s", "name=a"],
      "'name=a': 'every:1s' has that name already; names are unique"
    ),
    (["every:1s", "limit=5", "once"], "'once': has no effect beside 'limit=5'"),
    (["every:1s", "once", "limit=5"], "'limit=5': has no effect beside 'once'"),
    (["every:1s", "throttle=1", "debounce=1"], "'debounce=1': has no effect beside 'throttle=1'"),
    (
      ["every:1s", "or", "stdin", "do", "x", "now"],
      "'now': a setting of every, path and paths; put it after 'every:1s', before do"
    ),
    (["every:1s", "do", "x", "stdn=none"], "'stdn=none': unknown setting 'stdn'; did you mean stdin=none?"),
    (["every:1s", "now=1"], "'now=1': now takes no value"),
    (["every:1s", "now", "now"], "'now': now stands twice"),
    (["every:1s", "stdin=event"], "'stdin=event': a setting of a command; put it after do COMMAND"),
    (["every:1s", "print", "stdin=event"], "'stdin=event': a setting of a command; put it after do COMMAND"),
    (["every:1s", "do", "x", "as=tsv"], "'as=tsv': a setting of print; put it after print"),
    (
      ["every:1s", "do", "x", "now"],
      "'now': a setting of every, path and paths; put it after 'every:1s', before do"
    ),
    (
      ["every:1s", "do", "x", "limit=3"],
      "'limit=3': a setting of any source; put it after 'every:1s', before do"
    ),
    (["every:1s", "print", "write"], "'write': not a setting of print; fd and stdin have it"),
    (
      ["every:1s", "ignore", "now"],
      "'now': a setting of every, path and paths; put it after 'every:1s', before ignore"
    ),
  ])
  func `a setting that has no effect where it stands is refused`(words: [String], expected: String) {
    #expect(message(words) == expected)
  }

  @Test(arguments: [
    (["tcp"], "'tcp': expected an address, tcp:HOST:PORT"),
    (["tcp:"], "'tcp:': expected an address, tcp:HOST:PORT"),
    (["tcp:host"], "'tcp:host': expected a port after it, tcp:host:PORT"),
    (["tcp:host:99999"], "'tcp:host:99999': expected a port from 1 to 65535"),
    (["tcp:host:0"], "'tcp:host:0': expected a port from 1 to 65535"),
    (["tcp:::1:80"], "'tcp:::1:80': an IPv6 address stands in brackets, tcp:[::1]:80"),
    (["tcp:-x:80"], "'tcp:-x:80': an address does not begin with -"),
    (["tcp:a\tb:80"], "'tcp:a\\x09b:80': an address has no control characters"),
    (["unix:"], "'unix:': expected an address, unix:PATH"),
    (["unix:a\nb"], "'unix:a\\x0ab': an address has no control characters"),
    (["udp-listen:"], "'udp-listen:': expected an address, udp-listen:[HOST:]PORT"),
    (
      ["udp-listen:x:y"],
      "'udp-listen:x:y': unknown service 'y'; expected a port from 0 to 65535 or a name of /etc/services"
    ),
    (["udp-listen:x"], "'udp-listen:x': expected a port after it, udp-listen:x:PORT"),
    (["udp-listen:::1:80"], "'udp-listen:::1:80': an IPv6 address stands in brackets, udp-listen:[::1]:80"),
    (["udp-listen::80"], "'udp-listen::80': expected a host before the port; any is all of them"),
    (["udp-listen:80", "frame=nul"], "'frame=nul': not a setting of udp-listen; "),
    (["unix-dgram-listen:@a", "mode=600"], "'mode=600': has no effect: an abstract name has no file"),
    (["unix-dgram-listen:-a"], "'unix-dgram-listen:-a': an address does not begin with -"),
    (
      ["udp-listen:80", "on=line"],
      "'on=line': udp-listen has no event 'line'; it has datagram, idle, listening, error and active"
    ),
    (["tcp:a:80", "tcp:A:http"], nil),
    (["tcp:a:80", "on=down"], "'on=down': 'down' needs down"),
    (["tcp:a:80", "on=data"], "'on=data': 'data' needs frame=chunk"),
    (["tcp:a:80", "down", "on=line"], "'on=line': 'line' cannot happen here; down takes its place"),
    (["tcp:a:80", "down", "reconnect"], "'reconnect': has no effect beside down"),
    (["tcp:a:80", "down", "idle=1s"], "'idle=1s': has no effect beside down"),
    (["tcp:a:80", "down", "match=x"], "'match=x': has no effect: no event with data is delivered here"),
    (["tcp:a:80", "retry=0"], "'retry=0': expected a duration longer than 0 such as 250ms, or no"),
    (["tcp:a:80", "retry"], "'retry': expected a value, retry=D|no"),
    (["tcp:a:80", "connect-timeout=0"], "'connect-timeout=0': expected a duration longer than 0"),
    (["tcp:a:80", "frame=none"], "'frame=none': expected line, nul or chunk"),
    (["tcp:a:80", "write"], "'write': not a setting of tcp; fd and stdin have it"),
    (["tcp-listen:"], "'tcp-listen:': expected an address, tcp-listen:[HOST:]PORT"),
    (["tcp-listen::80"], "'tcp-listen::80': expected a host before the port; any is all of them"),
    (
      ["tcp-listen:x:y"],
      "'tcp-listen:x:y': unknown service 'y'; expected a port from 0 to 65535 or a name of /etc/services"
    ),
    (["tcp-listen:99999"], "'tcp-listen:99999': expected a port from 0 to 65535"),
    (["tcp-listen:-x:80"], "'tcp-listen:-x:80': an address does not begin with -"),
    (["tcp-listen:127.0.0.1"], "'tcp-listen:127.0.0.1': expected a port after it, tcp-listen:127.0.0.1:PORT"),
    (["tcp-listen:::1:80"], "'tcp-listen:::1:80': an IPv6 address stands in brackets, tcp-listen:[::1]:80"),
    (["tcp-listen:80", "on=refused"], "'on=refused': 'refused' needs per-peer= or allow="),
    (["unix-listen:s", "on=refused"], "'on=refused': 'refused' needs per-peer= or allow-user="),
    (["stdin", "on=active"], "'on=active': 'active' needs idle=D[,AGAIN]"),
    (["tcp:a:1", "on=active"], "'on=active': 'active' needs idle=D[,AGAIN]"),
    (["udp-listen:1", "on=active"], "'on=active': 'active' needs idle=D[,AGAIN]"),
    (["tcp-listen:80", "on=data"], "'on=data': 'data' needs frame=chunk"),
    (
      ["tcp-listen:80", "frame=chunk", "on=line"],
      "'on=line': 'line' cannot happen with frame=chunk; data takes its place"
    ),
    (["tcp-listen:80", "frame=none"], "'frame=none': expected line, nul or chunk"),
    (["tcp-listen:80", "connections=0"], "'connections=0': expected a whole number from 1"),
    (["tcp-listen:80", "mode=600"], "'mode=600': not a setting of tcp-listen; "),
    (["unix-listen:s", "mode=888"], "'mode=888': expected an octal mode from 000 to 777, such as 600"),
    (["unix-listen:@s", "mode=600"], "'mode=600': has no effect: an abstract name has no file"),
    (
      ["unix-listen:" + String(repeating: "x", count: 120)],
      "'unix-listen:" + String(repeating: "x", count: 65)
        + "...': a socket's address holds 107 bytes, not 120"
    ),
    (["accept:a:b"], "'accept:a:b': expected the number of a descriptor or a name of LISTEN_FDNAMES"),
    (["accept:3x"], "'accept:3x': expected the number of a descriptor or a name of LISTEN_FDNAMES"),
    (["accept:3", "backlog=3"], "'backlog=3': not a setting of accept; "),
    (
      ["tcp-listen:80", "do", "./h", "tcp-listen:80", "on=line", "do", "./a"],
      "'on=line': 'line' cannot happen: 'do ./h' gets the connections, and upon does not read them"
    ),
    (
      ["tcp-listen:80", "on=line", "tcp-listen:80", "--", "./h"],
      "'on=line': 'line' cannot happen: '-- ./h' gets the connections, and upon does not read them"
    ),
    (["tcp-listen:80", "on=line", "--", "./h"], nil),
    (
      ["tcp-listen:80", "do", "./h", "do", "./i"],
      "'./i': the connections of 'tcp-listen:80' go to 'do ./h' already"
    ),
    (
      ["tcp-listen:80", "idle=3s", "do", "./h"],
      "'idle=3s': has no effect: 'do ./h' gets the connections of 'tcp-listen:80'"
    ),
    (
      ["tcp-listen:80", "match=x", "do", "./h"],
      "'match=x': has no effect: no event with data is delivered here"
    ),
    (
      ["tcp-listen:80", "connections=5", "do", "./h", "jobs=6"],
      "'jobs=6': 'connections=5' is the same number: a command runs for each connection"
    ),
  ])
  func `an address or socket that is none is refused`(words: [String], expected: String?) {
    // Who has a setting instead is a list that grows with the kinds.
    if let expected, expected.hasSuffix("; ") {
      #expect(message(words)?.hasPrefix(expected) == true)
    } else {
      #expect(message(words) == expected)
    }
  }

  @Test(arguments: [
    (["signal=HUP"], "'signal=HUP': unknown setting 'signal'; did you mean signal:HUP?"),
    (["signal="], "'signal=': unknown setting 'signal'; did you mean signal:NAME[,NAME...]?"),
    (["stdin", "every=5s"], "'every=5s': unknown setting 'every'; did you mean every:5s?"),
    (["sginal=HUP"], "'sginal=HUP': unknown setting 'sginal'; did you mean signal:HUP?"),
    (["every:1s", "limit:5"], "'limit:5': unknown kind 'limit'; did you mean limit=5?"),
    (["stdin", "fram=line"], "'fram=line': unknown setting 'fram'; did you mean frame=line?"),
    (["stdin", "idel=5s"], "'idel=5s': unknown setting 'idel'; did you mean idle=5s?"),
    (["localhost:5432"], "'localhost:5432': unknown kind 'localhost'; did you mean tcp:localhost:5432?"),
    (["db:5432"], "'db:5432': unknown kind 'db'; did you mean tcp:db:5432?"),
    (["[::1]:80"], "'[::1]:80': unknown kind '['; did you mean tcp:[::1]:80?"),
    (["tcp=db:5432"], "'tcp=db:5432': unknown setting 'tcp'; did you mean tcp:db:5432?"),
    (["HUP"], "'HUP': unknown word; did you mean signal:HUP?"),
    (["sigusr1,TERM"], "'sigusr1,TERM': unknown word; did you mean signal:sigusr1,TERM?"),
    (["5s"], "'5s': unknown word; did you mean every:5s?"),
    (["0"], "'0': unknown word; did you mean after:0?"),
    (["stdn"], "'stdn': unknown word; did you mean stdin?"),
    (["evry"], "'evry': unknown word; did you mean every:PERIOD?"),
    (["every:1s", "prnt"], "'prnt': unknown word; did you mean print?"),
    (["every:1s", "ro"], "'ro': unknown word; did you mean or?"),
    (["every:1s", "od"], "'od': unknown word; did you mean do COMMAND?"),
    (["foo=bar"], "'foo=bar': unknown setting 'foo'; upon --kinds lists them"),
    (["foo:bar"], "'foo:bar': unknown kind 'foo'; upon --kinds lists them"),
    (["foo"], "'foo': unknown word; upon --help shows the grammar"),
    ([""], "'': unknown word; upon --help shows the grammar"),
    ([":"], "':': unknown kind ''; upon --kinds lists them"),
    (["="], "'=': unknown setting ''; upon --kinds lists them"),
  ])
  func `a word that is unknown is refused with what is nearest`(words: [String], expected: String) {
    #expect(message(words) == expected)
  }

  @Test(arguments: [
    (["-t", "abc", "stdin"], "'-t abc': expected a duration such as 250ms, 5s or 1h30m"),
    (["-tabc", "stdin"], "'-tabc': expected a duration such as 250ms, 5s or 1h30m"),
    (["--timeout=", "stdin"], "'--timeout=': expected a duration such as 250ms, 5s or 1h30m"),
    (["-t"], "'-t': expected a value after it: a duration such as 250ms, 5s or 1h30m"),
    (["-n", "0", "stdin"], "'-n 0': expected a whole number from 1"),
    (["-n", "5x", "stdin"], "'-n 5x': expected a whole number from 1"),
    (["--count=-5", "stdin"], "'--count=-5': expected a whole number from 1"),
    (["-o", "xml"], "'-o xml': expected json, tsv, data or text"),
    (["--ready-fd", "4294967296"], "'--ready-fd 4294967296': expected a whole number from 0 to 2147483647"),
    (["-1", "-n", "2", "stdin"], "'-n 2': has no effect beside -1"),
    (["-n2", "-1", "stdin"], "'-1': has no effect beside -n"),
    (["-1", "-a", "stdin"], "'-a': has no effect beside -1"),
    (["-a", "-n5", "stdin"], "'-n5': has no effect beside -a"),
    (["-q", "stdin", "-q"], "'-q': -q stands twice"),
    (["-e", "stdin"], "'-e': has no effect without a command"),
    (["-x"], "'-x': unknown option; --help lists them"),
    (["-"], "'-': unknown option; --help lists them"),
    (["-qx"], "'-qx': unknown option -x; --help lists them"),
    (["-timeout"], "'-timeout': unknown option; did you mean --timeout?"),
    (["--timout", "5"], "'--timout': unknown option; did you mean --timeout?"),
    (["--frobnicate"], "'--frobnicate': unknown option; --help lists them"),
    (["--quiet=1"], "'--quiet=1': --quiet takes no value"),
  ])
  func `an option that is none is refused`(words: [String], expected: String) {
    #expect(message(words) == expected)
  }

  private static let withoutEffect: [([String], String?)] = [
    (
      ["after:1s", "do", "./tests.sh", "start"],
      "'start' stands after do ./tests.sh: quote the whole command, do './tests.sh start', or give the source start an action"
    ),
    (
      ["after:1s", "do", "./tests sh", "finish", "every:1s"],
      "'finish' stands after do './tests sh': quote the whole command, do './tests sh finish', or give the source finish an action"
    ),
    (
      ["after:1s", "do", "cat", "stdin", "x", "-y"],
      "'stdin' stands after do cat: quote the whole command, do 'cat stdin x -y', or give the source stdin an action"
    ),
    (
      ["after:1s", "do", "svc", "start", "-v"],
      "'start' stands after do svc: quote the whole command, do 'svc start -v', or give the source start an action"
    ),
    (
      ["after:1s", "do", "svc", "start", "a:b"],
      "'start' stands after do svc: quote the whole command, do 'svc start a:b', or give the source start an action"
    ),
    (["after:1s", "do", "svc", "start", "once"], nil),
    (["after:1s", "do", "svc", "start", "do", "x"], nil),
    (["after:1s", "do", "svc", "start", "print"], nil),
    (["after:1s", "do", "svc", "start", "or", "every:1s", "ignore"], nil),
    (["after:1s", "do", "svc", "jobs=2", "start"], nil),
    (["after:1s", "do", "svc", "print", "start"], nil),
    (["start", "do", "svc", "every:1s"], nil),
    (["stdin", "idle=1s", "do", "x"], "'idle=1s': has no effect: nothing takes idle here; "),
    (["tcp-listen:80", "on=line", "idle=1s"], "'idle=1s': has no effect: nothing takes idle here; "),
    (["stdin", "idle=1s", "do", "x", "stdin", "on=idle"], nil),
    (["stdin", "idle=1s", "exit=idle:3", "do", "x"], nil),
    (["stdin", "idle=1s", "do", "x", "print"], nil),
    (["stdin", "idle=1s", "on=+idle", "do", "x"], nil),
    (["stdin", "idle=1s", "ignore"], nil),
    (
      ["tcp-listen:80", "do", "tr a b", "reply"],
      "'reply': on accept the connection is the command's own; reply answers lines: on=line"
    ),
    (
      ["tcp-listen:80", "frame=chunk", "do", "tr a b", "reply"],
      "'reply': on accept the connection is the command's own; reply answers data: on=data"
    ),
    (["tcp-listen:80", "on=line", "do", "tr a b", "reply"], nil),
    (["tcp-listen:80", "on=+line", "do", "tr a b", "reply"], nil),
    (["tcp:a:80", "do", "tr a b", "reply"], nil),
  ]

  @Test(arguments: withoutEffect)
  func `what would have no effect is told`(words: [String], expected: String?) {
    if let expected { #expect(message(words)?.hasPrefix(expected) == true, "\(message(words) ?? "")") }
    if expected == nil { #expect(message(words) == nil) }
  }

  private static let meant: [([String], String)] = [
    (["every", "5s"], "'every': the address follows without a space, every:5s"),
    (["every:", "5s"], "'every:': the address follows without a space, every:5s"),
    (["every", "do"], "'every': expected an address, every:PERIOD"),
    (["every", "print"], "'every': expected an address, every:PERIOD"),
    (["unix", "a b"], "'unix': the address follows without a space, unix:'a b'"),
    (["stdin", "match", "ERROR"], "'match': the value follows without a space, match=ERROR"),
    (["stdin", "match", "a b"], "'match': the value follows without a space, match='a b'"),
    (["stdin", "limit", "x"], "'limit': expected a value, limit=N"),
    (["stdin", "limit", "3"], "'limit': the value follows without a space, limit=3"),
    (["stdin", "grep", "ERROR"], "'grep': unknown word; did you mean match=ERROR?"),
    (["listen:8080"], "'listen:8080': unknown kind 'listen'; did you mean tcp-listen:8080?"),
    (["tcp-server:80"], "'tcp-server:80': unknown kind 'tcp-server'; did you mean tcp-listen:80?"),
    (["timer:80"], "'timer:80': unknown kind 'timer'; did you mean every:80?"),
    (["timer", "80"], "'timer': unknown word; did you mean every:PERIOD?"),
    (["oncalendar:80"], "'oncalendar:80': unknown kind 'oncalendar'; "),
    (["db:5432"], "'db:5432': unknown kind 'db'; did you mean tcp:db:5432?"),
    (["@reboot"], "'@reboot': unknown word; did you mean start?"),
    (["stdin", "times=3"], "'times=3': unknown setting 'times'; did you mean limit=3?"),
    (["stdin", "max-count=3"], "'max-count=3': unknown setting 'max-count'; did you mean limit=3?"),
    (["stdin", "regex=x"], "'regex=x': unknown setting 'regex'; did you mean match=x?"),
    (["every:1s", "run", "./x"], "'run': the address follows without a space, run:./x"),
    (["every:1s", "then", "a b"], "'then': unknown word; did you mean do 'a b'?"),
    (["every:1s", "exec"], "'exec': unknown word; did you mean do COMMAND?"),
    (
      ["every:1s", "and", "stdin"],
      "'and': unknown word; or joins sources into one rule, and -a waits until every source has fired"
    ),
    (["signal:TERM", "quit"], "'quit': unknown word; did you mean exit=0?"),
    (["help"], "'help': unknown word; did you mean --help?"),
    (["kinds"], "'kinds': unknown word; did you mean --kinds, which upon --help explains?"),
    (["version"], "'version': unknown word; did you mean --version, which upon --help explains?"),
    (
      ["every:1s", "do", "x", "busy=latest"],
      "'busy=latest': expected queue, skip, merge or restart; did you mean merge?"
    ),
    (
      ["every:1s", "do", "x", "until=on-failure"],
      "'until=on-failure': expected exit, ok or fail; did you mean fail?"
    ),
    (["stdin", "on=eof"], "'on=eof': stdin has no event 'eof'; did you mean end?"),
    (
      ["tcp-listen:80", "on=connected"],
      "'on=connected': tcp-listen has no event 'connected'; did you mean accept?"
    ),
    (["--json", "stdin"], "'--json': unknown option; did you mean -o json?"),
    (["--out", "x", "stdin"], "'--out': unknown option; did you mean --output FORM, or print file=PATH?"),
    (["--match=x", "stdin"], "'--match=x': unknown option; did you mean the setting match=x?"),
    (["--every=5s"], "'--every=5s': unknown option; did you mean every:5s?"),
    (["--kinds", "evry"], "'evry': unknown kind; did you mean every?"),
    (["--kinds", "listen"], "'listen': unknown kind; did you mean tcp-listen?"),
    (
      ["every:5s", "do", "rsync", "-a", "src", "dst"],
      "'-a' stands after do: quote the whole command, do 'rsync -a src dst'"
    ),
    (
      ["every:5s", "do", "date", "foo", "bar", "every:1s"],
      "'foo': COMMAND is one word: quote the whole command, do 'date foo bar'"
    ),
    (
      ["every:5s", "do", "date", "foo", "--", "x"],
      "'foo': COMMAND is one word: quote the whole command, do 'date foo'"
    ),
  ]

  @Test(arguments: meant)
  func `what was meant is told in its right form`(words: [String], expected: String) {
    #expect(message(words)?.hasPrefix(expected) == true, "\(message(words) ?? "accepted")")
  }

  /// A kind or a setting that a later version may have is not suggested before it is there.
  @Test func `nothing is suggested that upon does not have`() throws {
    let vocabulary = Vocabulary(Kind.all.filter { $0.name == "stdin" })
    for name in ["listen", "timer", "watch", "process", "sig"] {
      do throws(UsageError) {
        _ = try Parser.parse([Word(name + ":80")], vocabulary)
        Issue.record("\(name) is accepted")
      } catch {
        #expect(error.message == "'\(name):80': unknown kind '\(name)'; upon --kinds lists them")
      }
    }
  }

  @Test(arguments: ["x", "é", "\u{1}", "日", "'"])
  func `no message quotes more than 80 characters of a word`(character: String) throws {
    let long = String(repeating: character, count: 3000)
    let inputs: [[String]] = [
      [long], ["every:\(long)"], ["stdin", "limit=\(long)"], ["signal:\(long)"], ["\(long):80"],
      ["-o", long],
      ["every:1s", "do", "x", long], ["--\(long)"], ["stdin", long], ["tcp:\(long)"], ["--control", long],
      ["stdin", "match=(\(long)"], ["stdin", "on=\(long)"], ["every:1s", "do", long, "start"],
    ]
    for words in inputs {
      let text = try #require(message(words))
      // A quote is four characters where it is to be typed.
      #expect(text.count < 5 * 80 + 400, "\(text)")
      var run = 0
      for letter in text {
        run = String(letter) == character ? run + 1 : 0
        #expect(run <= 80)
      }
    }
    #expect(Word(String(repeating: "x", count: 80)).text.count == 80)
    #expect(Word(String(repeating: "x", count: 81)).text == String(repeating: "x", count: 77) + "...")
  }

  private static let fields: [([String], String?)] = [
    (["-o", "tsv=", "stdin"], "'-o tsv=': expected names of fields, such as time,data"),
    (["-o", "tsv=a,,b", "stdin"], "'-o tsv=a,,b': expected names of fields, such as time,data"),
    (["-o", "tsv=data,data", "stdin"], "'-o tsv=data,data': 'data' stands twice"),
    (["-o", "data=time", "stdin"], "'-o data=time': only json and tsv have fields to choose from"),
    (
      ["-o", "tsv=nosuch", "every:1s"],
      "'-o tsv=nosuch': no source here has a field 'nosuch'; there are seq, time, name, kind, event, count, number, "
        + "missed and late_us"
    ),
    (["-o", "tsv=dat", "stdin"], "'-o tsv=dat': no source here has a field 'dat'; did you mean data?"),
    (["-o", "tsv=data", "every:1s", "stdin"], nil),
    (["-o", "json=user,data", "stdin", "match=(?<user>x)"], nil),
    (["-o", "json=size", "--control", "unix:c"], nil),
    (
      ["every:1s", "print", "as=tsv", "fields=data", "stdin"],
      "'fields=data': no source here has a field 'data'; "
    ),
    (["every:1s", "or", "stdin", "print", "as=tsv", "fields=data,number"], nil),
    (["stdin", "print", "as=data", "fields=data"], "'fields=data': has no effect with as=data: "),
    (["-o", "text", "stdin", "print", "fields=data"], "'fields=data': has no effect with as=text: "),
    (["stdin", "print", "fields="], "'fields=': expected names of fields, such as time,data"),
    (
      ["stdin", "match=(?<data>x)"],
      "'match=(?<data>x)': a record has 'data' already; the group 'data' needs another name"
    ),
    (["stdin", "match=(?<SEQ>x)"], "'match=(?<SEQ>x)': a record has 'seq' already; "),
    (["stdin", "match=(?<Truncated>x)"], "'match=(?<Truncated>x)': a record has 'truncated' already; "),
    (["stdin", "match=(?<a_base64>x)"], "'match=(?<a_base64>x)': a record has 'a_base64' already; "),
    (
      ["stdin", "match=(?<a>x)(?<A>x)"],
      "'match=(?<a>x)(?<A>x)': the groups 'a' and 'A' would be one variable, UPON_A"
    ),
    (["stdin", "match=(?<user>x)(y)"], nil),
    (["stdin", "unmatch=(?<data>x)"], nil),
  ]

  @Test(arguments: fields)
  func `a field that no source has, or that there is already, is refused`(words: [String], expected: String?)
  {
    if let expected {
      #expect(message(words)?.hasPrefix(expected) == true, "\(message(words) ?? "accepted")")
    }
    if expected == nil { #expect(message(words) == nil) }
  }

  @Test func `only the first error is told, in one line`() {
    #expect(
      message(["evry:1s", "signal:KILL", "-x"]) == "'evry:1s': unknown kind 'evry'; did you mean every:1s?")
    #expect(message(["a\u{202E}b\u{2028}"])?.hasPrefix("'a\\u202eb\\u2028': ") == true)
    #expect(message(["a\nb\u{1B}"]) == "'a\\x0ab\\x1b': unknown word; upon --help shows the grammar")
  }

  @Test(
    arguments: [
      (
        ["stdin", "idle=1s,x"],
        "'idle=1s,x': expected a duration longer than 0, or two as D,AGAIN, such as 5s or 1m,1h"
      ),
      (
        ["stdin", "idle=1s,0"],
        "'idle=1s,0': expected a duration longer than 0, or two as D,AGAIN, such as 5s or 1m,1h"
      ),
      (
        ["stdin", "idle=1s,2s,3s"],
        "'idle=1s,2s,3s': expected a duration longer than 0, or two as D,AGAIN, such as 5s or 1m,1h"
      ),
      (
        ["tcp-listen:80", "allow="],
        "'allow=': expected IP addresses, each with or without /BITS, such as 10.0.0.0/8,::1"
      ),
      (
        ["tcp-listen:80", "allow=300.1.1.1"],
        "'allow=300.1.1.1': expected IP addresses, each with or without /BITS, such as 10.0.0.0/8,::1"
      ),
      (
        ["udp-listen:80", "allow=::1,10.0.0.0/33"],
        "'allow=::1,10.0.0.0/33': '10.0.0.0/33': expected IP addresses, each with or without /BITS, such as 10.0.0.0/8,::1"
      ),
      (
        ["tcp-listen:80", "allow=10"],
        "'allow=10': expected IP addresses, each with or without /BITS, such as 10.0.0.0/8,::1"
      ),
      (
        ["unix-listen:s", "allow-user=no-such-user"],
        "'allow-user=no-such-user': there is no user 'no-such-user'; expected users by name or number, such as www-data,1000, or any"
      ),
      (["stdin", "half-open"], nil), (["unix-listen:s", "allow=::1"], nil),
      (["tcp:a:1", "down", "half-open"], "'half-open': has no effect beside down"),
      (
        ["tcp-listen:80", "half-open", "do", "x"],
        "'half-open': has no effect: 'do x' gets the connections of 'tcp-listen:80'"
      ),
    ] as [([String], String?)])
  func `what sockets take is refused elsewhere and in other forms`(words: [String], expected: String?) throws
  {
    let said = try #require(message(words))
    if let expected { #expect(said == expected) }
  }
}
