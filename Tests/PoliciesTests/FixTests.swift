import Diagnostics
import Foundation
import JSON
import Manifests
import Policies
import QdrantSchema
import ResourceModel
import Testing

/// The edits of rules: they satisfy the rule and leave every other byte alone.
@Suite struct FixTests {
  static let codes = PolicyTable.specs.filter(\.hasFix).map(\.code)

  @Test func `At least fifteen rules can be mended`() { #expect(FixTests.codes.count >= 15) }

  private func edited(_ text: String) throws -> String {
    var editor = try ManifestEditor(Array(text.utf8))
    for finding in try Fixture.report(text).findings {
      try editor.apply(try #require(finding.violation.fix))
    }
    return String(decoding: editor.bytes, as: UTF8.self)
  }

  @Test(arguments: codes)
  func `After the edit the rule is satisfied, and every comment is still there`(
    code: String
  ) throws {
    let text = try Fixture("\(code).fails.yaml").text
    let new = try edited(text)
    #expect(try Fixture.found(new).isEmpty, "\(new)")
    let old = text.split(separator: "\n", omittingEmptySubsequences: false)
    let lines = new.split(separator: "\n", omittingEmptySubsequences: false)
    let comments = { (lines: [Substring]) in
      lines.compactMap { line in line.firstRange(of: "#").map { line[$0.lowerBound...] } }
    }
    #expect(comments(lines) == comments(old))
    // All lines but the one that is edited stand as they were, in their order.
    let changes = lines.difference(from: old)
    #expect(changes.removals.count <= 1, "\(new)")
    #expect(changes.insertions.count <= 3, "\(new)")
  }

  private static let policy =
    "kind: Policy\nname: p\nrules: {vectors-on-disk: error, strict-mode-enabled: error}\n---\n"

  private func refusals(_ collection: String) throws -> [String] {
    let text = FixTests.policy + collection
    var editor = try ManifestEditor(Array(text.utf8))
    var reasons: [String] = []
    for finding in try Fixture.report(text).findings {
      guard let fix = finding.violation.fix else { continue }
      do throws(ManifestEditor.Refusal) { try editor.apply(fix) } catch {
        reasons.append(error.reason)
      }
    }
    return reasons
  }

  @Test func `Braces get no new key, and it is said`() throws {
    let reasons = try refusals(
      "kind: Collection\nname: a\nvectors: {d: {size: 8, distance: Dot}}\n"
        + "strict_mode_config: {enabled: true}\n")
    #expect(reasons.count == 1)
    #expect(reasons.first?.contains("braces") ?? false)
  }

  @Test func `What stands behind an alias or a merge key is not edited`() throws {
    let alias = try refusals(
      "kind: Collection\nname: a\nstrict_mode_config:\n  enabled: true\nvectors:\n"
        + "  d: &v\n    size: 8\n    distance: Dot\n    on_disk: true\n  e: *v\n"
        + "hnsw_config: {m: 4}\n")
    #expect(alias.isEmpty)
    let shared = try refusals(
      "kind: Collection\nname: a\nstrict_mode_config:\n  enabled: true\nvectors:\n"
        + "  d: &v\n    size: 8\n    distance: Dot\n    on_disk: false\n  e: *v\n")
    #expect(shared.count == 2, "\(shared)")
    let merged = try refusals(
      "kind: Collection\nname: a\nstrict_mode_config:\n  enabled: true\nvectors:\n"
        + "  d: &v\n    size: 8\n    distance: Dot\n    on_disk: true\n"
        + "  e:\n    <<: *v\n    on_disk: false\n")
    #expect(merged.isEmpty, "\(merged)")
  }

  @Test func `Line breaks of both kinds and a text without the last one are kept`() throws {
    let policy = "kind: Policy\nname: p\nrules: {strict-mode-enabled: error}\n---\n"
    let body = "kind: Collection\nname: a # ä\nvectors: {size: 8, distance: Dot}"
    let bare = try edited(policy + body)
    #expect(bare == policy + body + "\nstrict_mode_config:\n  enabled: true")
    let pairs = (policy + body + "\n").replacingOccurrences(of: "\n", with: "\r\n")
    #expect(try edited(pairs) == pairs + "strict_mode_config:\r\n  enabled: true\r\n")
  }
}
