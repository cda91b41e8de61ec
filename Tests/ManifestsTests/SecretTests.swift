import Diagnostics
import JSON
import Manifests
import Testing

/// Rows 126 and 127: a secret that stands in a manifest is in no output.
@Suite struct SecretTests {
  private static let secret = "sk-canary-7f3a91"

  private static let texts = [
    "api_key: \(secret)", "api_key: \"\(secret)\"", "read_api_key: \(secret)",
    "apiKey: \(secret)", "api_key: {value: \(secret)}", "api_key: {env: A, secret: \(secret)}",
    "api_key: [\(secret)]", "token: \(secret)", "api_key: '\(secret)", "api_key: \"\(secret)\\q\"",
    "api_key: \(secret): x", "api_key:\n  \(secret)", "api_key: |\n  \(secret)\n",
    "api_key: &a \(secret)\nread_api_key: *a", "password: [\(secret), 1]",
  ]

  @Test(arguments: texts)
  func `A literal secret is an error and is drawn nowhere`(line: String) {
    let result = load("kind: Cluster\nname: c\nurl: http://localhost:6333\n\(line)\n")
    #expect(result.state == nil)
    let report = result.report
    let sarif = report.sarif(tool: "t", version: "1").text()
    for output in [report.text(), report.json.text(), report.githubAnnotations, sarif] {
      #expect(!output.contains(SecretTests.secret), "\(output)")
    }
  }

  @Test func `A key in an address is not drawn when something else on the line is wrong`() {
    let url = "https://user:\(SecretTests.secret)@a.example"
    let result = load("kind: Cluster\nname: c\nprovider: embedded\nurl: \(url)\n")
    #expect(result.diagnostics.map(\.code) == ["M108"])
    #expect(!result.report.text().contains(SecretTests.secret))
  }
}
