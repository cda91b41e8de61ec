import Diagnostics
import Foundation
import Manifests
import Testing

@Suite struct BadInputTests {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "BadInputs")

  static let names: [String] = {
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder.path)
    return (names ?? []).filter { $0.hasSuffix(".yaml") }.sorted()
  }()

  @Test(arguments: names)
  func `A bad input is told with code, place and hint, and nothing else is told`(
    name: String
  ) throws {
    let text = try String(
      contentsOf: BadInputTests.folder.appending(path: name), encoding: .utf8)
    var expected = try Expectation.all(in: text)
    let result = load([(name, text)])
    for diagnostic in result.diagnostics {
      let told = result.told(diagnostic)
      let index = expected.firstIndex { wanted in
        wanted.line == told.line && wanted.severity == told.severity && wanted.code == told.code
          && wanted.text == told.text
          && (wanted.hint.map { told.hint?.contains($0) ?? false } ?? true)
      }
      if let index {
        expected.remove(at: index)
      } else {
        Issue.record("not expected: \(told)\n\(result.report.text())")
      }
    }
    for missing in expected {
      Issue.record("not told: \(missing)\n\(result.report.text())")
    }
    #expect((result.state == nil) == result.diagnostics.contains { $0.severity == .error })
  }
}
