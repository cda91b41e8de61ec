import OptionParsing
import Sandbox
import SimulatedQdrant
import Testing

@Suite struct TableTests {
  @Test func `The table of options is in order, and help tells the faults`() throws {
    #expect(CommandTable.sandbox.mistakes() == [])
    guard case .print(let help) = try CommandTable.sandbox.parse(["--help"]) else {
      Issue.record("no help")
      return
    }
    for part in ["--storage DIR", "--faults FILE", "drop_after_apply", "QDRANT__SERVICE__API_KEY"] {
      #expect(help.contains(part), "\(part)")
    }
  }

  @Test func `A named variable becomes the key, and shorter forms of a version are known`() throws {
    guard
      case .run(let command) = try CommandTable.sandbox.parse([
        "--api-key-env", "MY_KEY", "--server-version", "v1.18",
      ])
    else { throw NoConnection() }
    let settings = try SandboxSettings(
      command, environment: ["MY_KEY": "k", "HOME": "/", "QDRANT__LOG_LEVEL": "INFO"])
    #expect(
      settings.server.environment == [
        "QDRANT__SERVICE__API_KEY": "k", "QDRANT__LOG_LEVEL": "INFO",
      ])
    #expect(settings.server.version == .v1_18_3)
    #expect(settings.host == "127.0.0.1")
    #expect(settings.port == 6333)
    #expect(settings.storage == ".qdrant-sandbox")
    #expect(settings.bodyLimit == 32 << 20)
  }
}
