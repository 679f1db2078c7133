/// A network of a test's own: ports are free, names are what the hosts file says, and nothing leaves it.
struct Network {
  /// Lines of the hosts file, which a script may append to as `hosts`.
  var hosts = ""
  /// What the resolver asks.
  var resolver = ""
  /// Commands for the network itself, run before the script.
  var setup = ""

  /// The script inside a network namespace with loopback and a mount namespace with name files of its own.
  func script(_ script: String) -> String {
    """
    cat > hosts <<'end of hosts'
    127.0.0.1 localhost
    \(hosts)
    end of hosts
    cat > resolv <<'end of resolv'
    \(resolver)
    end of resolv
    echo 'hosts: files dns' > nsswitch
    cat > network <<'end of network'
    set -e
    ip link set lo up
    mount --bind hosts /etc/hosts
    mount --bind resolv /etc/resolv.conf
    mount --bind nsswitch /etc/nsswitch.conf
    \(setup)
    set +e
    end of network
    cat > inside <<'end of inside'
    \(script)
    end of inside
    exec unshare -rnm sh -c '. ./network; . ./inside'
    """
  }

  func run(_ script: String, within limit: Duration? = nil) throws -> Finished {
    try Shell.run(self.script(script), within: limit)
  }

  func start(_ script: String) throws -> Running {
    try Shell.start(self.script(script))
  }

  /// Shell functions for servers that listen when they return and end with the script: `serve PORT COMMAND` answers each
  /// connection with what the command writes, `mute PORT [BACKLOG]` never accepts. `ends PID` ends any other with the script.
  static let servers = """
    listening() { while ! ss -Hltn "sport = :$1" | grep -q .; do sleep 0.02; done; }
    ends() { server=$1; servers="$servers $1"; trap 'kill $servers 2>/dev/null' EXIT; }
    started() { ends $!; listening $1; }
    serve() { socat TCP-LISTEN:$1,reuseaddr,fork,backlog=128 SYSTEM:"$2" & started $1; }
    mute() { python3 -c 'import socket,sys,time
    s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind(("", int(sys.argv[1]))); s.listen(int(sys.argv[2])); time.sleep(1000)' $1 ${2:-100} & started $1; }

    """

  /// Further ones: `serves COMMAND...` runs upon in the background until it listens at port 7000, `say TEXT` is a client.
  static let clients = """
    serves() { "$@" & listener=$!; ends $!; listening 7000; }
    say() { printf "$1" | nc -N 127.0.0.1 7000; }

    """
}
