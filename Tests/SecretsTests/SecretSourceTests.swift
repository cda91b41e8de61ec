import Foundation
import Testing

@testable import Secrets

@Suite struct SecretSourceTests {
  /// A folder of its own, removed by the test that made it.
  static func withFolder<Result>(_ body: (String) async throws -> Result) async throws -> Result {
    let folder = NSTemporaryDirectory() + "secrets-" + UUID().uuidString
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    return try await body(folder)
  }

  static func write(_ bytes: [UInt8], to path: String, mode: Int = 0o600) throws {
    try Data(bytes).write(to: URL(fileURLWithPath: path))
    try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
  }

  static func fact(
    _ reference: SecretReference, _ resolver: SecretResolver
  ) async -> SecretError.Fact? {
    do {
      _ = try await resolver.resolve(reference)
      return nil
    } catch {
      #expect(error.reference == reference)
      return error.fact
    }
  }

  @Test(arguments: [
    ("key", "key"), ("key\n", "key"), ("key\r\n", "key"), (" k y ", " k y "), ("clé\n", "clé"),
  ])
  func `A file gives its one line`(content: String, expected: String) async throws {
    try await Self.withFolder { folder in
      try Self.write(Array(content.utf8), to: folder + "/key")
      let resolver = SecretResolver(environment: [:], folder: folder)
      for path in ["key", folder + "/key"] {
        let secret = try await resolver.resolve(.file(path))
        #expect(secret.withBytes { Array($0) } == Array(expected.utf8))
      }
    }
  }

  static let badContents: [([UInt8], SecretError.Fact)] = [
    ([], .empty), ([0x0A], .empty), (Array("a\n\n".utf8), .severalLines),
    (Array("a\nb".utf8), .severalLines), (Array("a\rb".utf8), .severalLines),
    ([0x61, 0x00], .containsNUL), ([0x61, 0x1B, 0x62], .containsControlCharacter(offset: 1)),
    ([0x7F], .containsControlCharacter(offset: 0)),
  ]

  @Test(arguments: badContents)
  func `Content that cannot be a key is refused`(
    content: [UInt8], expected: SecretError.Fact
  ) async throws {
    try await Self.withFolder { folder in
      try Self.write(content, to: folder + "/key")
      let resolver = SecretResolver(environment: [:], folder: folder)
      #expect(await Self.fact(.file("key"), resolver) == expected)
    }
  }

  @Test(arguments: [65_537, 1 << 20])
  func `A file larger than any key is refused`(size: Int) async throws {
    try await Self.withFolder { folder in
      try Self.write(Array(repeating: 0x61, count: size), to: folder + "/key")
      let resolver = SecretResolver(environment: [:], folder: folder)
      #expect(await Self.fact(.file("key"), resolver) == .tooLarge(limit: 65_536))
    }
  }

  @Test(arguments: [0o644, 0o640, 0o604, 0o610, 0o666, 0o601])
  func `A file that others may open is refused`(mode: Int) async throws {
    try await Self.withFolder { folder in
      try Self.write([0x61], to: folder + "/key", mode: mode)
      let resolver = SecretResolver(environment: [:], folder: folder)
      #expect(
        await Self.fact(.file("key"), resolver) == .filePermissionsTooOpen(mode: UInt32(mode)))
    }
  }

  @Test func `Links, folders, pipes and missing files are told apart`() async throws {
    try await Self.withFolder { folder in
      try Self.write([0x61], to: folder + "/key")
      try FileManager.default.createSymbolicLink(
        atPath: folder + "/link", withDestinationPath: folder + "/key")
      #expect(mkfifo(folder + "/pipe", 0o600) == 0)
      let resolver = SecretResolver(environment: [:], folder: folder)
      #expect(await Self.fact(.file("link"), resolver) == .fileIsSymbolicLink)
      #expect(await Self.fact(.file("."), resolver) == .fileIsNotRegular)
      #expect(await Self.fact(.file("pipe"), resolver) == .fileIsNotRegular)
      #expect(await Self.fact(.file("none"), resolver) == .fileNotFound)
      #expect(await Self.fact(.file("key/x"), resolver) == .fileNotFound)
      #expect(await Self.fact(.file(""), resolver) == .fileNotFound)
      #expect(await Self.fact(.file("key\0x"), resolver) == .fileNotFound)
      #expect(await Self.fact(.file("/dev/zero"), resolver) == .fileIsNotRegular)
    }
  }

  @Test(
    arguments: [
      (1000, 1000, nil), (0, 1000, nil), (1001, 1000, .fileOwnedByOther(uid: 1001)),
      (1001, 0, .fileOwnedByOther(uid: 1001)),
    ] as [(UInt32, UInt32, SecretError.Fact?)])
  func `Only the reader's own files and root's hold secrets`(
    owner: UInt32, reader: UInt32, expected: SecretError.Fact?
  ) {
    let facts = FileSecretSource.FileFacts(mode: 0o100600, owner: owner, size: 3)
    #expect(FileSecretSource.objection(to: facts, reader: reader) == expected)
  }

  @Test func `The environment gives what it was given`() async throws {
    let resolver = SecretResolver(
      environment: ["KEY": "value", "EMPTY": "", "LINES": "a\nb", "1X": "a"], folder: "/")
    let secret = try await resolver.resolve(.environment("KEY"))
    #expect(secret.withBytes { Array($0) } == Array("value".utf8))
    #expect(await Self.fact(.environment("NONE"), resolver) == .variableNotSet)
    #expect(await Self.fact(.environment("EMPTY"), resolver) == .empty)
    #expect(await Self.fact(.environment("LINES"), resolver) == .severalLines)
    #expect(await Self.fact(.environment("1X"), resolver) == .notAVariableName)
  }

  @Test func `A key pasted in place of a variable's name is not repeated`() async {
    let pasted = "eyJhbGciOiJIUzI1NiJ9.e30.abc-def"
    let error = SecretError(.notAVariableName, in: .environment(pasted))
    #expect(!"\(error)".contains("eyJ"))
    let command = SecretError(.commandsNotAllowed, in: .command(["vault", "--token=abc"]))
    #expect(!"\(command)".contains("abc"))
  }

  @Test func `Commands are refused, and a reference that nobody serves is too`() async {
    let all = SecretResolver(environment: [:], folder: "/")
    #expect(await Self.fact(.command(["/bin/true"]), all) == .commandsNotAllowed)
    #expect(await Self.fact(.command([]), SecretResolver([])) == .unsupported)
  }
}
