import Commands
import Foundation
import JSON
import Testing

/// Addresses of clusters, as `validate` sees them: the words, the place, and never a password.
@Suite struct AddressTests {
  /// A cluster whose address is the text, plain or in quotes; it stands on line 3, column 6.
  private func manifest(_ url: String, _ rest: String = "") -> String {
    "kind: Cluster\nname: c\nurl: \(url)\n\(rest)"
  }

  @Test(
    arguments: [
      ("ftp://db.example", 6, "^^^", "the scheme must be http or https"),
      ("db.example:6333", 6, "^", "an address begins with http:// or https://"),
      (#""https://db.example /""#, 25, "^", "an address has no white space"),
      (#""https://evil\\.db.example""#, 19, "^", "an address has no backslash"),
      ("https://db.example/a%00", 26, "^^^", "an address has no %00"),
      ("https://db.example/a%2", 26, "^", "a percent sign is followed by two hexadecimal digits"),
      ("https://db%2eexample", 16, "^", "a host has no percent sign"),
      ("https://a/../b", 16, "^^", "the path has no . or .. in it"),
      ("https://a:0", 16, "^", "a port is between 1 and 65535"),
      ("https://a:65536", 16, "^^^^^", "a port is between 1 and 65535"),
      ("https://a:x", 16, "^", "a port is a decimal number"),
      ("'https://a:x'", 17, "^", "a port is a decimal number"),
      ("http://169.254.169.254:80", 13, "^^^^^^^^^^^^^^^", "link-local or metadata address"),
      ("http://2852039166:80", 13, "^^^^^^^^^^", "169.254.169.254 is a link-local or metadata"),
      ("http://2130706433:6333", 13, "^^^^^^^^^^", "write the address as 127.0.0.1"),
      ("http://[fe80::1]:6333", 13, "^^^^^^^^^", "link-local or metadata address"),
      ("http://metadata.google.internal:80", 13, "^", "link-local or metadata address"),
      ("http://0.0.0.0:6333", 13, "^^^^^^^", "this address names no server"),
      ("https://b\u{fc}cher.example:0", 29, "^", "a port is between 1 and 65535"),
    ])
  func `A bad address is refused where it is bad`(
    url: String, column: Int, carets: String, words: String
  ) async throws {
    let bench = try CommandBench()
    let result = try await bench.validate(manifest(url))
    #expect(result.status == .invalidManifests, "\(result.output)")
    let place = ":3:\(column): error[M501]: "
    let line = result.output.split(separator: "\n").first { $0.contains(place) }
    #expect(line?.contains(words) ?? false, "\(result.output)")
    let drawn = "      | " + String(repeating: " ", count: column - 1) + carets
    #expect(result.output.contains(drawn), "\(result.output)")
  }

  @Test(arguments: [
    ("http://db.example:6334", "port 6334 looks like Qdrant's gRPC port", 24),
    ("http://db.example", "without a port, 80 is used; Qdrant listens on 6333", 13),
    ("https://b\u{fc}cher.example", "the host is looked up as xn--bcher-kva.example", 14),
  ])
  func `A remarkable address is a warning`(url: String, words: String, column: Int) async throws {
    let bench = try CommandBench()
    let result = try await bench.validate(manifest(url))
    #expect(result.status == .success)
    #expect(result.output.contains(":3:\(column): warning[M502]: \(words)"), "\(result.output)")
  }

  @Test(arguments: ["api_key", "read_api_key"])
  func `A key that would travel in clear text is refused at the scheme`(key: String) async throws {
    let bench = try CommandBench()
    let text = manifest("http://db.example:6333", "\(key): {env: K}\n")
    let result = try await bench.validate(text)
    #expect(result.status == .invalidManifests)
    #expect(
      result.output.contains(
        ":3:6: error[M501]: the key would travel to db.example in clear text"))
    #expect(result.output.contains("^^^^ use https, or say allow_plain_http: true"))
    let allowed = try await bench.validate(text + "allow_plain_http: true\n")
    #expect(allowed.status == .success, "\(allowed.output)")
    for url in ["http://localhost:6333", "http://127.0.0.9:6333", "https://db.example:6333"] {
      let near = try await bench.validate(manifest(url, "\(key): {env: K}\n"))
      #expect(near.status == .success, "\(near.output)")
    }
  }

  /// What stands in for a password in every address below.
  private static let password = "hunter2hunter2"

  @Test(
    arguments: [
      "url: https://user:%@db.example",
      "url: https://%@db.example:6333",
      "url: user:%@db.example",
      "url: https://us er:%@db.example",
      "url: https://db.example:6333/?api_key=%",
      "url: \"https://db.example:6333#%\"",
      "url: ftp://db.example/?api_key=%",
      "url: \"https://db.example:0 ?api-key=%\"",
      "url: \"https://db.example\\\\?api-key=%\"",
      "url: [https://user:%@db.example]",
      "url: {a: 'https://user:%@db.example'}",
      "url: !x https://user:%@db.example",
      "url: \"https://user:%@db.example",
      "url: https://user:%@db.example: x",
      "urll: https://user:%@db.example",
      "urll: https://db.example?api_key=%",
      "labels: {a: 'https://user:%@db.example', b: 1}",
      "  url: https://user:%@db.example",
      "url: https://user:%@db.example\nurl: https://user:%@db.example",
    ], ["text", "json", "sarif", "github"])
  func `No form of output prints a password of an address`(
    line: String, format: String
  ) async throws {
    let bench = try CommandBench()
    let text = "kind: Cluster\nname: c\n" + line.replacing("%", with: AddressTests.password) + "\n"
    let result = try await bench.validate(text, "--format", format)
    #expect(result.status == .invalidManifests, "\(result.output)")
    #expect(!(result.output + result.error).contains(AddressTests.password), "\(result.output)")
    #expect(!(result.output + result.error).contains("hunter"), "\(result.output)")
  }

  @Test func `Credentials in an address have words of their own`() async throws {
    let bench = try CommandBench()
    let result = try await bench.validate(manifest("https://user:abc@db.example"))
    #expect(result.output.contains(":3:6: error[M501]: credentials are not allowed in an address"))
    #expect(result.output.contains("refer to the key: api_key: {env: NAME}"))
    let query = try await bench.validate(manifest("https://db.example/?api_key=abc"))
    #expect(query.output.contains(":3:6: error[M501]: an address has no query"))
  }

  @Test func `A password in QDRANT_URL is refused and not printed`() async throws {
    let bench = try CommandBench(
      environment: ["QDRANT_URL": "https://user:\(AddressTests.password)@db.example"])
    let text = "kind: Collection\nname: a\nvectors: {size: 2, distance: Dot}\n"
    let result = try await bench.validate(text)
    #expect(result.status == .invalidManifests)
    #expect(result.output.contains("credentials are not allowed in an address (QDRANT_URL)"))
    let plan = await bench.plan(bench.path("one.yaml"))
    #expect(plan.status == .invalidManifests)
    for said in [result.output, result.error, plan.output, plan.error] {
      #expect(!said.contains(AddressTests.password))
    }
  }
}
