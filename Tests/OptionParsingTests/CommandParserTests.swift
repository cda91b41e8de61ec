import OptionParsing
import TestSupport
import Testing

@Suite struct CommandParserTests {
  @Test func `Both ways of writing a value, short forms and arguments are read`() throws {
    let command = try run([
      "a", "-o", "plan.json", "--port=7000", "--prune", "--report", "text=t=1.txt",
      "--report=html=x.html", "--accept-loss", "collection/a=b=12", "--", "--prune", "-",
    ])
    #expect(command.arguments == ["a", "--prune", "-"])
    #expect(command.text("--out") == "plan.json")
    #expect(command.integer("--port") == 7000)
    #expect(command.has("--prune"))
    #expect(command.pairs("--report").map(\.key) == ["text", "html"])
    #expect(command.pairs("--report").map(\.value) == ["t=1.txt", "x.html"])
    #expect(command.counts("--accept-loss").map(\.key) == ["collection/a=b"])
    #expect(command.counts("--accept-loss").map(\.count) == [12])
    #expect(command.subcommand == nil)
  }

  @Test func `What is not given has its standard value, and is told from what is`() throws {
    let command = try run([])
    #expect(command.integer("--port") == 6333)
    #expect(command.texts("--fail-on") == ["drift", "pending"])
    #expect(!command.has("--port"))
    #expect(!command.has("--prune"))
    #expect(command.text("--out") == nil)
    #expect(command.text("--server") == nil)
  }

  @Test func `A repeatable choice takes commas and repetition`() throws {
    let command = try run(["--fail-on", "never,drift", "--fail-on=pending"])
    #expect(command.texts("--fail-on") == ["never", "drift", "pending"])
    enum Choice: String { case drift, pending, never }
    #expect(command.choices("--fail-on", as: Choice.self) == [.never, .drift, .pending])
    #expect(try run(["--color", "never"]).choice("--color", as: Choice.self) == .never)
  }

  @Test func `The first argument selects a subcommand, a later one or a quoted one does not`()
    throws
  {
    let command = try run(["--color", "never", "validate", "--server", "1.18.3", "a", "locate"])
    #expect(command.subcommand == "validate")
    #expect(command.arguments == ["a", "locate"])
    #expect(command.text("--color") == "never")
    #expect(try run(["./validate"]).subcommand == nil)
    #expect(try run(["--", "validate"]).arguments == ["validate"])
    #expect(try run(["a", "validate"]).arguments == ["a", "validate"])
  }

  static let badLines: [(line: [String], reason: UsageError.Reason, suggestion: String?)] = [
    (["--prun"], UsageError.Reason.unknownOption("--prun"), "--prune"),
    (["--reprot=text=a"], .unknownOption("--reprot"), "--report"),
    (["--acc"], .unknownOption("--acc"), "--accept-loss"),
    (["--zzzzz"], .unknownOption("--zzzzz"), nil),
    (["-x"], .unknownOption("-x"), nil),
    (["--prune=yes"], .unexpectedValue("--prune"), nil),
    (["--port", "1", "--port", "2"], .repeated("--port"), nil),
    (["--port", "65536"], .notInteger(option: "--port", value: "65536", 0...65535), nil),
    (["--port=-1"], .notInteger(option: "--port", value: "-1", 0...65535), nil),
    (
      ["--color", "alway"],
      .notAllowed(option: "--color", value: "alway", words: ["auto", "always", "never"]), "always"
    ),
    (["--report", "text"], .malformed(option: "--report", value: "text", form: "F=FILE"), nil),
    (["--report", "text="], .malformed(option: "--report", value: "text=", form: "F=FILE"), nil),
    (
      ["--accept-loss", "a=-1"],
      .malformed(option: "--accept-loss", value: "a=-1", form: "ADDRESS=COUNT"), nil
    ),
    (
      ["--accept-loss", "a=99999999999999999999"],
      .malformed(
        option: "--accept-loss", value: "a=99999999999999999999", form: "ADDRESS=COUNT"), nil
    ),
    (["--out="], .emptyValue("--out"), nil),
    (["--out", ""], .emptyValue("--out"), nil),
    (["--fail-on", ","], .emptyValue("--fail-on"), nil),
    ([""], .emptyArgument, nil),
    (["validate", "--prune"], .optionOfAnotherCommand("--prune"), nil),
    (["--prune", "validate"], .optionOfAnotherCommand("--prune"), nil),
    (["--server", "1"], .optionOfAnotherCommand("--server"), nil),
    (["locate", "a"], .missingArgument("DOCUMENT"), nil),
    (["locate", "a", "b", "c"], .unexpectedArgument("c"), nil),
  ]

  @Test(arguments: badLines)
  func `A line that cannot be understood is refused with the fact and what was meant`(
    line: [String], reason: UsageError.Reason, suggestion: String?
  ) {
    let error = failure(line)
    #expect(error?.reason == reason)
    #expect(error?.suggestion == suggestion)
  }

  @Test func `An option in place of a value is not swallowed as that value`() {
    let error = failure(["--out", "--prune"])
    guard case .missingValue(let option, let next) = error?.reason else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(option.name == "--out")
    #expect(next == "--prune")
    #expect(error?.text.contains("'--out=…'") == true)
    if case .missingValue(_, nil) = failure(["--out"])?.reason {} else { Issue.record("no value") }
  }

  @Test(arguments: ["--api-key", "--apikey", "--API_KEY", "--token", "--password", "--key"])
  func `A secret on the line is refused with advice and never repeated`(name: String) {
    for line in [["\(name)=hunter2"], [name, "hunter2"]] {
      let error = failure(line)
      #expect(error?.reason == .secretOption(name))
      #expect(error?.text.contains("hunter2") == false)
      #expect(error?.text.contains("QDRANT_API_KEY") == true)
      #expect(error?.suggestion == nil)
    }
  }

  @Test func `No control character of the line reaches the terminal`() {
    for line in [
      ["--\u{1b}[31m"], ["--color", "\u{1b}]0;x\u{7}"], ["locate", "a", "b", "\u{9b}"],
    ] {
      let text = failure(line)?.text ?? ""
      #expect(text.contains("\\u{"))
      #expect(
        !text.unicodeScalars.contains { $0 != "\n" && $0.properties.generalCategory == .control })
    }
  }

  @Test func `Edit distance counts insertion, deletion, replacement and a swap as one each`() {
    #expect(failure(["--prnue"])?.suggestion == "--prune")
    #expect(failure(["--prrune"])?.suggestion == "--prune")
    #expect(failure(["--brune"])?.suggestion == "--prune")
    #expect(failure(["locat", "a"]) == nil)
  }

  @Test func `Whatever the words, parsing ends without a trap`() {
    var generator = SeededRandom(20_240_917)
    let words = [
      "--", "-", "=", "--out", "--out=", "-o", "--report", "text=", "--prune=", "validate", "",
      "--port", "99999999999999999999", "\u{0}", "é", "--é=", "-=", "--=", "--color=auto",
      "--accept-loss", "=", "a=1", "locate", "--fail-on", ",,", "---",
    ]
    for _ in 0..<20_000 {
      let line = (0..<Int(generator.next() % 6)).map { _ in
        words[Int(generator.next() % UInt64(words.count))]
      }
      _ = failure(line)?.text
    }
  }
}
