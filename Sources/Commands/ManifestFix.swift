import Diagnostics
import Foundation
import JSON
import Manifests
import Policies
import ResourceModel

/// `validate --fix`: writes the edits of violated rules into the manifests.
struct ManifestFix {
  let catalog: SourceCatalog
  /// Who takes values from classes, trees and overlays.
  let shared: SharedValues

  /// An edit with the first finding that asks for it.
  private struct Item {
    var finding: PolicyFinding
    var edit: ManifestEdit

    /// Who has the last word on the value, when that is not the resource's own document.
    var source: Provenance.Link? {
      guard let provenance = finding.violation.provenance, !provenance.isOwn else { return nil }
      return provenance.chain.last
    }

    /// Whether both are about one value.
    func isRival(of other: Item) -> Bool {
      guard edit.target == other.edit.target else { return false }
      if case .value = edit.target { return true }
      return edit.path == other.edit.path
    }
  }

  /// What was done, one line a finding; the same for what was not done and why.
  func apply(_ findings: [PolicyFinding]) -> [String] {
    var files: [Int32: [Item]] = [:]
    var seen: Set<ManifestEdit> = []
    for finding in findings {
      guard let edit = finding.violation.fix, seen.insert(edit).inserted else { continue }
      files[edit.target.span.file, default: []].append(Item(finding: finding, edit: edit))
    }
    return files.sorted { $0.key < $1.key }.flatMap { edit($0.key, $0.value) }
  }

  private func edit(_ file: Int32, _ items: [Item]) -> [String] {
    let path = catalog.path(file)
    guard let source = catalog.source(file), let disk = EditedFile(path),
      Array(disk.bytes.dropFirst(source.skippedBytes)) == source.bytes
    else {
      return items.map { refused($0, "it is no file of its own, or has changed meanwhile") }
    }
    var lines: [String] = []
    var done: [String] = []
    do throws(ManifestEditor.Refusal) {
      var editor = try ManifestEditor(source.bytes)
      for item in items {
        if let reason = objection(to: item, among: items) {
          lines.append(refused(item, reason))
          continue
        }
        do throws(ManifestEditor.Refusal) {
          try editor.apply(item.edit)
          done.append(line("fixed", item))
        } catch {
          lines.append(refused(item, error.reason))
        }
      }
      guard editor.bytes != source.bytes else { return lines }
      let bytes = disk.bytes.prefix(source.skippedBytes) + editor.bytes
      do throws(OutputFile.Problem) {
        try OutputFile.replace(path, with: Array(bytes), mode: disk.mode)
        return done + lines
      } catch {
        return done.map { "not " + $0 + " (\(error.message))" } + lines
      }
    } catch {
      return items.map { refused($0, error.reason) }
    }
  }

  /// Why an edit cannot be made, as far as that is no matter of the text.
  private func objection(to item: Item, among items: [Item]) -> String? {
    if items.count(where: item.isRival) > 1 { return "two rules ask for different values" }
    return shared.objection(to: item.edit)
  }

  private func line(_ what: String, _ item: Item) -> String {
    let path = catalog.path(item.edit.target.span.file)
    var text = "\(what) \(path): [\(item.finding.rule.code)] "
    text += "\(item.edit.path): \(item.edit.value.text())"
    if let source = item.source, case .value = item.edit.target {
      text += ", in \(source.description)"
    }
    return text
  }

  private func refused(_ item: Item, _ reason: String) -> String {
    var text = line("not fixed", item) + " (\(reason)"
    if let source = item.source, let place = WorkspaceLoader.position(source.span, in: catalog) {
      text += "; see \(source.description), \(place)"
    }
    return text + ")"
  }
}
