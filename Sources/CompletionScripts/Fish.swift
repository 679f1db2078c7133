import UponCore

extension CompletionScripts {
  static let fish = """
    # Completion of upon's command line for fish.
    # Written by `make completions` from the tables of upon's parser.

    # What can stand where: rows of TEXT and what it means.
    function __upon_table
        switch $argv[1]
    \(fishTable)
        end
    end

    # The words in front of the current one, without upon itself.
    function __upon_before
        set -l words (commandline -opc)
        set -e words[1]
        string join \\n -- $words
    end

    # Tells what those words leave open: a context, or `program` with the place where it begins.
    function __upon_context
        set -l context none
        set -l expects
        set -l place 0
        for word in (__upon_before)
            set place (math $place + 1)
            if set -q expects[1]
                set -e expects
                continue
            end
            switch $word
                case --
                    echo program
                    echo $place
                    return
                case '-*'
                    if contains -- $word \(Option.all.filter { $0.form != nil }.map { "--\($0.long)" }.joined(separator: " "))
                        or string match -qr '\(Option.shortBeforeValue)' -- $word
                        set expects value
                    end
                case do
                    set context do
                    set expects command
                case print kill ignore or
                    set context $word
                case '*'
                    set -l name (string split -m 1 : -- $word)[1]
                    if contains -- $name \(Kind.all.map(\.name).joined(separator: " "))
                        set context $name
                    end
            end
        end
        set -q expects[1]
        and echo $expects
        or echo $context
    end

    # Options stand before the first do.
    function __upon_takes_options
        not contains -- do (__upon_before)
        and not contains -- -- (__upon_before)
    end

    # Completes a command line of its own.
    function __upon_program
        complete -C (string join ' ' -- (string escape -- $argv) (commandline -ct))
    end

    function __upon_address --argument-names word
        set -l parts (string split -m 1 : -- $word)
        switch (__upon_table "address $parts[1]")
            case +file
                __fish_complete_path $parts[2] | string replace -r '^' "$parts[1]:"
            case +socket
                # Sockets, and folders on the way to them; any file where there are none.
                set -l sockets
                for path in (__fish_complete_path $parts[2])
                    set -l file (string split -m 1 \\t -- $path)[1]
                    set -l found (string replace -r '^~(?=/)' $HOME -- $file)
                    if test -S "$found" -o -d "$found"
                        set -a sockets $file
                    end
                end
                if set -q sockets[1]
                    printf '%s\\n' $parts[1]:$sockets
                else
                    __fish_complete_path $parts[2] | string replace -r '^' "$parts[1]:"
                end
            case +host
                string match -q '*:*' -- $parts[2]
                and return
                # An address with colons of its own would have to stand in brackets.
                for host in localhost (__fish_print_hostnames | string match -v '*:*')
                    echo $parts[1]:$host:
                end
            case +signals
                set -l before (string replace -r '[^:,]*$' '' -- $word)
                for name in (__upon_table signals)
                    echo $before$name
                end
        end
    end

    function __upon_value --argument-names context word
        set -l parts (string split -m 1 = -- $word)
        set -l list (__upon_table "values $context $parts[1]")
        switch "$list[1]"
            case +file
                __fish_complete_path $parts[2] | string replace -r '^' "$parts[1]="
            case +events
                set -l before (string replace -r '[^,+]*$' '' -- $parts[2])
                # Each stands once.
                set -l typed (string split , -- (string trim -l -c + -- $before))
                for row in (__upon_table "events $context")
                    contains -- (string split -m 1 \\t -- $row)[1] $typed
                    or echo $parts[1]=$before$row
                end
                test -n "$before"
                or printf '%s=all\\tevery event\\n' $parts[1]
            case +ending
                for row in (__upon_table "events $context")
                    echo $parts[1]=(string replace \\t :\\t -- $row)
                end
            case '*'
                for row in $list
                    echo $parts[1]=$row
                end
        end
    end

    function __upon
        set -l context (__upon_context)
        set -l current (commandline -ct)
        switch $context[1]
            case program
                set -l words (__upon_before)
                set -e words[1..$context[2]]
                __upon_program $words
            case command
                __upon_program
            case value
                return
            case '*'
                switch $current
                    case '-*'
                        return
                    case '*:*' '*=*'
                        # In a word the first of : and = decides.
                        if string match -qr '^[^=]*:' -- $current
                            __upon_address $current
                        else
                            __upon_value $context[1] $current
                        end
                    case '*'
                        __upon_table "settings $context[1]"
                        __upon_table "words $context[1]"
                        __upon_table kinds
                end
        end
    end

    complete -c upon -f -a '(__upon)'
    \(fishOptions)

    """

  private static let fishOptions = Option.all.map { option in
    var line = "complete -c upon -n __upon_takes_options"
    if let short = option.short { line += " -s \(short)" }
    line += " -l \(option.long)"
    if option.form == .file {
      line += " -r -F"
    } else if option.form != nil {
      line += " -x"
    }
    if !option.choices.isEmpty, option.form != .file {
      line += " -a '\(option.choices.joined(separator: " "))'"
    }
    return line + " -d \(option.help.fishQuoted)"
  }.joined(separator: "\n")

  private static let fishTable: String = {
    var rows: [(key: String, offers: [Offer])] = [
      ("kinds", Offers.kinds),
      ("signals", Offers.signals.map { Offer(text: $0, help: "") }),
    ]
    rows += Offers.addresses.map { ("address \($0.kind)", [Offer(text: $0.mark, help: "")]) }
    rows += Offers.settings.map { ("settings \($0.context)", $0.offers) }
    rows += Offers.words.map { ("words \($0.context)", $0.offers) }
    rows += Offers.events.map { ("events \($0.kind)", $0.offers) }
    rows += Offers.values.map {
      ("values \($0.context) \($0.setting)", $0.words.map { Offer(text: $0, help: "") })
    }
    return rows.map { row in
      let hasHelp = row.offers.contains { !$0.help.isEmpty }
      let words = row.offers.flatMap {
        hasHelp ? [$0.text.fishQuoted, $0.help.fishQuoted] : [$0.text.fishQuoted]
      }
      return """
              case \(row.key.fishQuoted)
                  printf '\(hasHelp ? "%s\\t%s\\n" : "%s\\n")' \(words.joined(separator: " "))
        """
    }.joined(separator: "\n")
  }()
}

extension String {
  /// The text between single quotes, as fish reads it.
  fileprivate var fishQuoted: String {
    "'" + replacing("\\", with: "\\\\").replacing("'", with: "\\'") + "'"
  }
}
