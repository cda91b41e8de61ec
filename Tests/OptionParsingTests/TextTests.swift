import Foundation
import OptionParsing
import Testing

@Suite struct TextTests {
  @Test func `A good table has no mistakes, and a bad one says which`() {
    #expect(sample.mistakes() == [])
    let bad = CommandTable(
      name: "bad", summary: "No stop",
      arguments: [
        ArgumentSpec("A", .any, summary: "All."), ArgumentSpec("B", .one, summary: "One."),
      ],
      options: [
        OptionSpec("--x", summary: "Short."), OptionSpec("--help", summary: "Twice."),
        OptionSpec("--flag", standard: "on", summary: "A flag."),
        OptionSpec("--mode", .oneOf(["a"]), standard: "b", summary: "A mode"),
      ])
    let mistakes = bad.mistakes().joined(separator: "\n")
    for part in [
      "no version", "--help stands twice", "--x is no name", "a flag has no standard value",
      "the standard value is not allowed", "--mode: no full stop", "no full stop: No stop",
      "B never gets one",
    ] {
      #expect(mistakes.contains(part))
    }
  }

  @Test func `Help names everything and fits a terminal`() throws {
    let help = try printed(["--help"])
    #expect(help == (try printed(["-h"])))
    for part in [
      "Usage: qdrant-sample [PATH…] [--out FILE]", "qdrant-sample locate HIERARCHY DOCUMENT",
      "-o, --out FILE", "--report F=FILE", "One of: text, html. May be given",
      "Default: 6333.", "Selection:", "Subcommands:", "Environment:", "Exit status:",
      "--completions bash|zsh|fish",
    ] {
      #expect(help.contains(part), "\(part)")
    }
    for line in help.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    let inner = try printed(["validate", "--help"])
    #expect(inner.contains("--server VERSION"))
    #expect(inner.contains("--color"))
    #expect(!inner.contains("--prune"))
  }

  @Test func `The version is the command's own`() throws {
    #expect(try printed(["validate", "--version"]) == "qdrant-sample 1.2.3\n")
  }

  @Test func `The manual page has no unescaped text and names every option`() throws {
    let page = try printed(["--man-page"])
    #expect(page.hasPrefix(".TH \"QDRANT\\-SAMPLE\" 1"))
    for option in ["out", "accept\\-loss", "server", "color", "completions"] {
      #expect(page.contains("\\-\\-\(option)"), "\(option)")
    }
    for line in page.split(separator: "\n") where line.hasPrefix(".") {
      let macro = line.prefix { $0 != " " }
      #expect([".TH", ".SH", ".SS", ".PP", ".TP", ".HP"].contains(String(macro)), "\(line)")
    }
    #expect(page.contains("\\e and [brackets]"))
  }

  @Test(arguments: [
    (["qdrant-sample", "--pru"], ["--prune"]),
    (["qdrant-sample", "--color", "a"], ["auto", "always"]),
    (["qdrant-sample", "--color", "=", "n"], ["never"]),
    (["qdrant-sample", "--report", "h"], ["html="]),
    (["qdrant-sample", "va"], ["validate"]),
    (["qdrant-sample", "validate", "--ser"], ["--server"]),
    (["qdrant-sample", "validate", "--pru"], []),
    (["qdrant-sample", "--out", "/etc/hostn"], ["/etc/hostname"]),
  ])
  func `Bash completes what the table knows`(words: [String], expected: [String]) throws {
    let script = try printed(["--completions", "bash"])
    let line = words.map { "'\($0)'" }.joined(separator: " ")
    let probe =
      script + "compopt() { :; }\nCOMP_WORDS=(\(line)); COMP_CWORD=\(words.count - 1)\n"
      + "_qdrant_sample\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n"
    let output = try shell(probe)
    #expect(output.split(separator: "\n").map(String.init) == expected)
  }

  @Test func `Zsh and fish get every option and subcommand`() throws {
    let zsh = try printed(["--completions", "zsh"])
    let fish = try printed(["--completions", "fish"])
    #expect(zsh.hasPrefix("#compdef qdrant-sample\n"))
    #expect(zsh.contains("'--out=[Where the plan’s file goes.]:FILE:_files'"))
    #expect(zsh.contains("validate\\:Checks\\ -\\ offline\\."))
    #expect(fish.contains("-l out -s o -r -F -d 'Where the plan'\\''s file goes.'"))
    for name in ["out", "prune", "server", "color", "help", "report", "fail-on"] {
      #expect(zsh.contains("--\(name)"), "\(name)")
      #expect(fish.contains("-l \(name) "), "\(name)")
    }
  }

  /// Runs a script in bash and returns what it prints.
  private func shell(_ script: String) throws -> String {
    let process = Process()
    let input = Pipe()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["--norc", "--noprofile"]
    process.standardInput = input
    process.standardOutput = output
    try process.run()
    input.fileHandleForWriting.write(Data(script.utf8))
    try input.fileHandleForWriting.close()
    let data = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    return String(decoding: data, as: UTF8.self)
  }
}
