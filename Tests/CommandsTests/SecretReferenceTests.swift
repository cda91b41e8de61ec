import Commands
import Foundation
import JSON
import ScriptedServer
import Testing

/// Keys behind references, through the connections that the processes make.
@Suite struct SecretReferenceTests {
  private static let collection = """
    kind: Collection
    name: products
    vectors: {size: 2, distance: Dot}
    """

  private func cluster(_ port: Int, _ lines: String, scheme: String = "http") -> String {
    """
    kind: Workspace
    name: acme
    ---
    kind: Cluster
    name: here
    url: \(scheme)://127.0.0.1:\(port)
    \(lines)

    """
  }

  @Test(arguments: [
    ("KEY", nil, "the environment variable is not set"),
    ("KEY", "", "the secret is empty"),
    ("KEY", "\n", "the secret is empty"),
    ("KEY", "canary-a\ncanary-b", "the secret has more than one line"),
    ("KEY", "canary-a\u{0}b", "the secret contains a NUL byte"),
    ("KEY", "canary-a\u{1B}b", "the secret contains a control character at byte 8"),
    ("canary-key!", "x", "this cannot be the name of an environment variable"),
  ])
  func `A variable that holds no key is no permission, and nothing is sent`(
    name: String, value: String?, words: String
  ) async throws {
    let server = try ScriptedServer()
    let bench = try CommandBench(environment: value.map { [name: $0] } ?? [:], connects: true)
    try bench.write(
      SecretReferenceTests.collection, cluster: cluster(server.port, "api_key: {env: '\(name)'}"))
    for result in [
      await bench.plan(bench.folder), await bench.drift(bench.folder),
      await bench.apply(bench.folder, "--yes"),
    ] {
      #expect(result.status == .noPermission, "\(result.output)\(result.error)")
      #expect(result.output.contains("api_key: "), "\(result.output)")
      #expect(result.output.contains(words), "\(result.output)")
      #expect(!(result.output + result.error).contains("canary"))
    }
    #expect(server.connectionCount == 0)
  }

  @Test(
    arguments: [
      ("canary", 0o644, "others may read the file (mode 0644); it needs 0600"),
      ("canary", 0o640, "others may read the file (mode 0640); it needs 0600"),
      ("", 0o600, "the secret is empty"),
      ("canary-a\ncanary-b\n", 0o600, "the secret has more than one line"),
      ("canary\u{0}", 0o400, "the secret contains a NUL byte"),
    ])
  func `A file that holds no private key is no permission`(
    text: String, mode: Int, words: String
  ) async throws {
    let server = try ScriptedServer()
    let bench = try CommandBench(connects: true)
    try text.write(toFile: bench.path("key"), atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: mode], ofItemAtPath: bench.path("key"))
    try bench.write(
      SecretReferenceTests.collection, cluster: cluster(server.port, "api_key: {file: key}"))
    let result = await bench.plan(bench.folder)
    #expect(result.status == .noPermission, "\(result.output)")
    #expect(result.output.contains("api_key: {file: key}: \(words)"), "\(result.output)")
    #expect(!(result.output + result.error).contains("canary"))
    #expect(server.connectionCount == 0)
  }

  @Test func `A link, a folder and a missing file are no keys`() async throws {
    let server = try ScriptedServer()
    let bench = try CommandBench(connects: true)
    let manager = FileManager.default
    try manager.createDirectory(atPath: bench.path("folder"), withIntermediateDirectories: false)
    try manager.createSymbolicLink(atPath: bench.path("link"), withDestinationPath: "/etc/passwd")
    for (name, words) in [
      ("folder", "this is not a regular file"), ("missing", "there is no such file"),
      ("link", "the file is a symbolic link, which is not followed"),
    ] {
      try bench.write(
        SecretReferenceTests.collection, cluster: cluster(server.port, "api_key: {file: \(name)}"))
      let result = await bench.plan(bench.path("cluster.yaml"), bench.path("collections.yaml"))
      #expect(result.status == .noPermission, "\(result.output)")
      #expect(result.output.contains(words), "\(result.output)")
    }
    #expect(server.connectionCount == 0)
  }

  @Test func `A good key arrives at the server, read key for plan and key for apply`()
    async throws
  {
    let refusal = ScriptedServer.Answer(403, body: #"{"status":{"error":"Forbidden"}}"#)
    let server = try ScriptedServer(then: .answer(refusal))
    let bench = try CommandBench(environment: ["READ": "read-1"], connects: true)
    try "manage-1\n".write(toFile: bench.path("key"), atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes(
      [.posixPermissions: 0o600], ofItemAtPath: bench.path("key"))
    try bench.write(
      SecretReferenceTests.collection,
      cluster: cluster(server.port, "api_key: {file: key}\nread_api_key: {env: READ}"))
    #expect(await bench.plan(bench.folder).status == .noPermission)
    #expect(Set(server.requests.flatMap { $0.values("api-key") }) == ["read-1"])
    let before = server.requests.count
    #expect(await bench.apply(bench.folder, "--yes").status == .noPermission)
    let after = server.requests.dropFirst(before)
    #expect(Set(after.flatMap { $0.values("api-key") }) == ["manage-1"])
  }

  @Test func `Certificate files are looked at before anything is sent`() async throws {
    let server = try ScriptedServer()
    let authority = try TestAuthority()
    let identity = try authority.issue("IP:127.0.0.1")
    let bench = try CommandBench(connects: true)
    try "no certificate".write(toFile: bench.path("ca.pem"), atomically: true, encoding: .utf8)
    for (lines, words) in [
      ("ca_file: missing.pem", "CA file \(bench.folder)/missing.pem: there is no such file"),
      ("ca_file: ca.pem", "CA file \(bench.folder)/ca.pem: is not a PEM file"),
      ("ca_file: \(identity.keyFile)", "has no certificate in it"),
      (
        "client_certificate: \(identity.certificateFile)\n"
          + "  client_key: \(authority.certificateFile)",
        "client key \(authority.certificateFile): has no private key in it"
      ),
    ] {
      try bench.write(
        SecretReferenceTests.collection,
        cluster: cluster(server.port, "tls:\n  \(lines)", scheme: "https"))
      let result = await bench.plan(bench.path("cluster.yaml"), bench.path("collections.yaml"))
      #expect(result.status == .unchecked, "\(result.output)\(result.error)")
      #expect(result.output.contains(words), "\(result.output)")
    }
    #expect(server.connectionCount == 0)
  }

  @Test func `A client certificate without its key is an error of the manifest`() async throws {
    let bench = try CommandBench()
    let result = try await bench.validate(
      "kind: Cluster\nname: c\nurl: https://a.example\ntls: {client_certificate: c.pem}\n")
    #expect(result.status == .invalidManifests)
    #expect(result.output.contains(":4:27: error[M107]: "), "\(result.output)")
    #expect(result.output.contains("a client certificate and its key go together"))
  }
}
