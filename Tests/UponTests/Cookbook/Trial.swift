import Foundation
import Testing

/// One recipe of the cookbook, done: what it needs, what is done to it, and what must come of that.
///
/// Everything runs in bash, in a network and a process namespace of its own, so that ports are free, what is started
/// ends with the trial, and `db`, `mirror1` and `mirror2` are names of this machine. The recipe is the file `recipe`.
struct Trial: Sendable {
  let title: String
  /// Who reads the recipe.
  var shell = "sh"
  /// Run before the network is made, where mounts and a compiler are at hand.
  var mounts = ""
  /// Bash; see `kit` for its words.
  let script: String
  /// A pattern of all that the script prints.
  let output: String
  /// The same for standard error, the recipe's own included.
  var errors = ""

  /// Runs the recipe as the trial says, and checks what comes of it.
  func check(_ recipe: Cookbook.Recipe) throws {
    #expect(recipe.blocks.count == 1, "a recipe is one block")
    let directory = try TemporaryDirectory()
    try directory.write(recipe.blocks.joined().utf8, to: "recipe")
    try directory.write((Self.kit + script + "\nsettle\n").utf8, to: "trial")
    var network = Network(hosts: "127.0.0.1 db mirror1\n127.0.0.2 mirror2")
    network.setup = mounts
    let run = try Shell.run(
      network.script("exec unshare -pf --kill-child --mount-proc bash trial"), directory: directory,
      environment: ["READER": shell, "REPOSITORY": Shell.repository.path, "USER": "me"])
    #expect(run.status == .exited(0), "\(run)")
    #expect(try run.text.wholeMatch(of: Regex(output)) != nil, "\(run)")
    #expect(try run.errorText.wholeMatch(of: Regex(errors)) != nil, "\(run)")
  }

  /// The words of the scripts.
  private static let kit = #"""
    set -m
    recipe=
    # What the recipe has said in the background is shown with the rest.
    settle() { if test -s err; then grep -vx Terminated err >&2; : > err; fi; }
    lost() { echo "$1" >&2; for file in out err; do echo "- $file:"; tail -n 50 $file; done >&2; exit 1; }
    # till COMMAND...: waits until it succeeds.
    till() {
      local end=$((SECONDS + 15))
      until "$@" > /dev/null 2>&1; do
        ((SECONDS < end)) || lost "in vain: $*"
        sleep 0.02
      done
    }
    # comes AMOUNT PATTERN [FILE]: so many lines of the output match, and no more.
    has() { (($(grep -Ec -e "$2" "$3") >= $1)); }
    comes() {
      till has "$1" "$2" "${3:-out}"
      has $(($1 + 1)) "$2" "${3:-out}" && lost "more than $1 of $2"
      return 0
    }
    # program NAME: makes it, of standard input, which may say `while idle; do :; done`.
    program() { { echo "$begin"; cat; } > "$1.new"; chmod +x "$1.new"; mv "$1.new" "$1"; }
    begin='#!/bin/bash
    idle() { read -t 0.1 <> "$HOME/.silence"; true; }'
    mkfifo .silence
    # off PID: ends it, without what bash would say to that.
    off() { { kill -- "$1"; wait "${1#-}"; } 2> /dev/null; }
    # instead EDIT: the recipe with another figure, where the real one would take too long.
    instead() { sed -i "$1" recipe; }
    # done by whoever reads it, in the foreground, or in the background with its output in out and err.
    recipe() { $READER recipe "$@"; }
    cook() { recipe "$@" >> out 2>> err & recipe=$!; : >> out; : >> err; }
    upons() { pgrep -g "$recipe" -x upon; }
    # ends [SIGNAL]: sends it to upon, waits for the recipe, and tells its status.
    ends() {
      kill -s "${1:-TERM}" $(upons)
      wait "$recipe"
      echo "ended $?"
      settle
    }
    # stops SIGNAL: sends it to the recipe and all that it has started, and waits for it.
    stops() { { kill -s "$1" -- -$recipe; wait "$recipe"; } 2> /dev/null; echo "stopped $?"; settle; }
    over() { wait "$recipe"; echo "status $?"; settle; }
    # listens PORT...: somebody does.
    listens() { for port; do till listening "$port"; done; }
    listening() { test -n "$(ss -Hltun "sport = :$1")"; }
    # signalled NAME: upon watches that signal.
    signalled() { till catches "$1"; }
    catches() {
      local upon=$(upons | head -n 1)
      local caught=$(sed -n 's/^SigCgt:\t//p' "/proc/$upon/status")
      local blocked=$(sed -n 's/^SigBlk:\t//p' "/proc/$upon/status")
      (((0x$caught | 0x$blocked) >> ($(kill -l "$1") - 1) & 1))
    }
    # watched [AMOUNT]: upon watches so many files or directories, or more.
    watched() { till watches "${1:-1}"; }
    watches() { (($(cat /proc/$(upons | head -n 1)/fdinfo/* | grep -c '^inotify wd') >= $1)); }
    # clock TIME: the recipe starts at that time; turn TIME: it becomes that time when the recipe waits for one.
    clock() {
      cc -O2 -shared -fPIC -o clock.so "$REPOSITORY/Tests/Preload/set_clock.c"
      mkfifo told
      offset "$1"
      export CLOCK_OFFSET=$PWD/offset CLOCK_TOLD=$PWD/told LD_PRELOAD=$PWD/clock.so
      cook
      unset LD_PRELOAD
    }
    offset() { echo $(($(date -d "$1" +%s) - $(date +%s))) > offset.new; mv offset.new offset; }
    turn() { till upons; offset "$1"; printf 12345678 > told; }
    milliseconds() { echo $((${EPOCHREALTIME/[.,]/} / 1000)); }

    """#
}
