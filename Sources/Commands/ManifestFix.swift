import Diagnostics
import Foundation
import JSON
import Manifests
import Policies
import ResourceModel

/// `validate --fix`: writes the edits of violated rules into the manifests.
struct ManifestFix {
  let catalog: SourceCatalog

  /// What was done, one line a finding; the same for what was not done and why.
  func apply(_ findings: [PolicyFinding]) -> [String] {
    var files: [Int32: [(finding: PolicyFinding, edit: ManifestEdit)]] = [:]
    var seen: Set<ManifestEdit> = []
    for finding in findings {
      guard let edit = finding.violation.fix, seen.insert(edit).inserted else { continue }
      files[edit.document.file, default: []].append((finding, edit))
    }
    return files.sorted { $0.key < $1.key }.flatMap { edit($0.key, $0.value) }
  }

  private func edit(
    _ file: Int32, _ edits: [(finding: PolicyFinding, edit: ManifestEdit)]
  ) -> [String] {
    let path = catalog.path(file)
    func line(_ what: String, _ item: (finding: PolicyFinding, edit: ManifestEdit)) -> String {
      "\(what) \(path): [\(item.finding.rule.code)] \(item.edit.path): \(item.edit.value.text())"
    }
    func refused(_ item: (finding: PolicyFinding, edit: ManifestEdit), _ reason: String) -> String {
      line("not fixed", item) + " (\(reason))"
    }
    guard let source = catalog.source(file), let disk = EditedFile(path),
      Array(disk.bytes.dropFirst(source.skippedBytes)) == source.bytes
    else {
      return edits.map { refused($0, "it is no file of its own, or has changed meanwhile") }
    }
    var lines: [String] = []
    do throws(ManifestEditor.Refusal) {
      var editor = try ManifestEditor(source.bytes)
      var done: [String] = []
      for item in edits {
        let rivals = edits.filter {
          $0.edit.document == item.edit.document && $0.edit.path == item.edit.path
        }
        if rivals.count > 1 {
          lines.append(refused(item, "two rules ask for different values"))
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
      return edits.map { refused($0, error.reason) }
    }
  }
}
