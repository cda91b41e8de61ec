import Diagnostics
import Foundation
import Manifests
import QdrantSchema
import ResourceModel
import Testing

/// What a manifest in `BadInputs` says about itself, in comments on the lines concerned:
///
///     size: 0  #! error[M104] at "0" hint "…"
///
/// `at` is the text above the carets, as far as it lies on that line; `hint` is a part of the hint
/// and may be left out. Several expectations on one line each begin with `#!`. There must be no
/// other diagnostics.
struct Expectation: Hashable, CustomStringConvertible {
  var line: Int
  var severity: String
  var code: String
  var text: String
  var hint: String?

  var description: String {
    "line \(line): \(severity)[\(code)] at \"\(text)\"" + (hint.map { " hint \"\($0)\"" } ?? "")
  }

  /// All expectations of a manifest.
  static func all(in manifest: String) throws -> [Expectation] {
    var found: [Expectation] = []
    let lines = manifest.split(separator: "\n", omittingEmptySubsequences: false)
    for (index, line) in lines.enumerated() {
      for comment in String(line).components(separatedBy: "#! ").dropFirst() {
        let pattern = #/^(error|warning|note)\[(M\d+)\] at "(.*?)"(?: hint "(.*?)")?\s*$/#
          .matchingSemantics(.unicodeScalar)
        let match = try #require(
          comment.firstMatch(of: pattern), "line \(index + 1): cannot read '\(comment)'")
        found.append(
          Expectation(
            line: index + 1, severity: String(match.1), code: String(match.2),
            text: String(match.3), hint: match.4.map(String.init)))
      }
    }
    return found
  }
}

extension LoadResult {
  /// What was told, in the form of expectations.
  func told(_ diagnostic: Diagnostic) -> Expectation {
    let span = diagnostic.span
    return Expectation(
      line: Int(span?.line ?? 0), severity: diagnostic.severity.rawValue, code: diagnostic.code,
      text: span.map(text) ?? "", hint: diagnostic.hint)
  }

  /// The text of a span as far as it lies on its first line.
  func text(_ span: SourceSpan) -> String {
    guard let source = catalog.source(span.file) else { return "?" }
    let lines = String(decoding: source.bytes, as: UTF8.self).unicodeScalars.split(
      omittingEmptySubsequences: false
    ) { $0 == "\n" }
    guard (1...lines.count).contains(Int(span.line)) else { return "?" }
    let line = Array(lines[Int(span.line) - 1])
    let end = span.endLine > span.line ? line.count : min(line.count, Int(span.endColumn) - 1)
    let start = Int(span.column) - 1
    guard (0...max(0, end)).contains(start) else { return "" }
    return String(String.UnicodeScalarView(line[start..<end]))
  }
}

/// Loads texts with Qdrant's own rows and one implicit cluster.
func load(_ files: [(String, String)], rules: [any Rule] = []) -> LoadResult {
  ManifestLoader.load(
    sources: [MemorySource(files.map { (path: $0.0, bytes: Array($0.1.utf8)) })],
    schema: QdrantResources.schema, rules: rules,
    implicitCluster: ClusterDeclaration(name: "default"))
}

/// Loads one text.
func load(_ text: String) -> LoadResult { load([("manifests/a.yaml", text)]) }

/// Loads bytes that need be no text.
func load(bytes: [UInt8], _ environment: String? = nil) -> LoadResult {
  ManifestLoader.load(
    sources: [MemorySource([(path: "manifests/a.yaml", bytes: bytes)])],
    schema: QdrantResources.schema, environment: environment,
    implicitCluster: ClusterDeclaration(name: "default"))
}
