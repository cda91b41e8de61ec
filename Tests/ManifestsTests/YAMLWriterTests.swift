import Diagnostics
import JSON
import ResourceModel
import QdrantSchema
import TestSupport
import Testing

@testable import Manifests

/// What is written is read back as the same.
@Suite struct YAMLWriterTests {
  /// Signs that mean something somewhere in YAML, and some that no reader should see raw.
  private static let signs: [String] = [
    "a", "Z", "0", "7", " ", "-", ":", "#", "'", "\"", "\\", "\n", "\r", "\t", "{", "}", "[", "]",
    ",", "&", "*", "!", "|", ">", "%", "@", "`", "~", "?", ".", "\u{0}", "\u{1B}", "\u{7F}",
    "\u{85}", "\u{2028}", "\u{FEFF}", "\u{202E}", "\u{FFFE}", "é", "日", "😀", "\u{10FFFF}",
  ]

  private static func text(_ random: inout SeededRandom) -> String {
    let fixed = ["", "yes", "null", "~", "0x1F", "1e3", "---", "...", "<<", "No", "on", "=", "-"]
    if random.chance(0.1) { return fixed.randomElement(using: &random) ?? "" }
    let count = random.chance(0.05) ? 700 : Int.random(in: 0..<12, using: &random)
    return (0..<count).map { _ in signs.randomElement(using: &random) ?? "" }.joined()
  }

  private static func value(_ random: inout SeededRandom, depth: Int) -> JSONValue {
    switch Int.random(in: 0..<(depth == 0 ? 4 : 6), using: &random) {
    case 0: return .integer(Int.random(in: -1000...1000, using: &random))
    case 1: return .bool(random.chance(0.5))
    case 2: return .null
    case 3: return .string(text(&random))
    case 4:
      return .array(
        (0..<Int.random(in: 0..<3, using: &random)).map { _ in value(&random, depth: depth - 1) })
    default:
      var object = JSONObject()
      for _ in 0..<Int.random(in: 0..<3, using: &random) {
        // A key that nobody can see is an error in manifests.
        let key = String(
          String.UnicodeScalarView(text(&random).unicodeScalars.filter(Sanitizer.isHarmless)))
        object[key] = value(&random, depth: depth - 1)
      }
      return .object(object)
    }
  }

  @Test func `Random values are read back as they were`() throws {
    for seed in 0..<500 as Range<UInt64> {
      var random = SeededRandom(seed)
      var metadata = JSONObject()
      metadata["value"] = .array([YAMLWriterTests.value(&random, depth: 3)])
      metadata["text"] = .string("x" + YAMLWriterTests.text(&random))
      let document: JSONObject = [
        "kind": "Collection", "name": "a", "vectors": [:], "metadata": .object(metadata),
      ]
      let text = YAMLWriter.document(document)
      let result = ManifestLoader.load(
        sources: [MemorySource(text + "---\nkind: Cluster\nname: c\nurl: http://127.0.0.1:1\n")],
        schema: QdrantResources.schema)
      let state = try #require(result.state, "seed \(seed): \(result.report.text())\n\(text)")
      for key in ["value", "text"] {
        let path = FieldPath(["metadata", ExactString(key)])
        let field = state.collections[0].fields.first { $0.path == path }
        try #require(field?.value == metadata[key], "seed \(seed):\n\(text)")
      }
    }
  }

  @Test func `A word that some reader takes for something else is quoted`() {
    for text in ["yes", "No", "NULL", "on", "y", "1", "-", "~", "", "a b", "a:", "é"] {
      #expect(YAMLWriter.scalar(text).hasPrefix("\""), "\(text)")
    }
    for text in [
      "12", "1e3", "30x", ".inf", ".NaN", ".5", "...", "a:b", "a: b", "/", "2026-01-01", "0x1",
    ] {
      #expect(YAMLWriter.scalar(text).hasPrefix("\""), "\(text)")
    }
    for text in [
      "products", "a.b", "max_sim", "prod-eu", "30m", "30%", "http://127.0.0.1:6333/x", ".a/b",
      "../c",
    ] {
      #expect(YAMLWriter.scalar(text) == text)
    }
  }
}
