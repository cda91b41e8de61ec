import Diagnostics
import Foundation
import Manifests
import OptionParsing
import Policies
import QdrantSchema
import Rendering
import ResourceModel

/// `qdrant-plan fmt`: writes manifests in the one canonical form, or tells which are not.
struct FmtCommand {
  let command: ParsedCommand
  let context: CommandContext

  /// Each file by itself: one that is refused stops no other.
  func run() -> Set<ExitStatus> {
    let paths = command.arguments.isEmpty ? ["manifests"] : command.arguments
    let input = paths.contains("-") ? context.readInput() : []
    var seen: Set<String> = []
    var statuses: Set<ExitStatus> = [.success]
    // One path is done before the next is read, which may name the same files in another way.
    for path in paths {
      for text in DiskSource(path: path, standardInput: input).texts()
      where seen.insert(text.path).inserted {
        statuses.formUnion(format(text))
      }
    }
    guard !seen.isEmpty else {
      complain("there is no manifest in \(paths.joined(separator: ", "))")
      return [.invalidManifests]
    }
    return statuses
  }

  private func complain(_ message: String) {
    context.complain(message)
  }

  private func say(_ line: String) {
    if !command.has("--quiet") { context.console.output(Sanitizer.line(line) + "\n") }
  }

  private func format(_ text: ManifestText) -> Set<ExitStatus> {
    let bytes: [UInt8]
    switch text.content {
    case .bytes(let found): bytes = found
    case .tooLarge:
      complain("\(text.path) is too large")
      return [.invalidManifests]
    case .unreadable(let reason):
      complain("\(text.path) cannot be read: \(reason)")
      return [.invalidManifests]
    }
    var catalog = SourceCatalog()
    let file = catalog.add(path: text.path, bytes: bytes)
    let source = catalog.source(file)?.bytes ?? bytes
    do throws(ManifestFormatter.Refusal) {
      let new = try ManifestFormatter.format(
        source, schema: QdrantResources.schema.demanding(PolicyTable.specs))
      return finish(text.path, bytes, new)
    } catch {
      switch error {
      case .unfaithful(let reason):
        complain("\(text.path) is left as it is, since \(reason); please report this")
        return [.failed]
      case .invalid(let findings, let masks):
        for mask in masks { catalog.mask(mask) }
        catalog.maskCredentials(in: [file])
        let report = DiagnosticReport(findings, catalog: catalog)
        let palette = Tool.palette(command, context)
        context.console.error(report.text(color: palette.isOn))
        complain("\(text.path) is left as it is")
        return [.invalidManifests]
      }
    }
  }

  private func finish(_ path: String, _ old: [UInt8], _ new: [UInt8]) -> Set<ExitStatus> {
    if command.has("--check") {
      guard old != new else { return [] }
      tell(path, old, new)
      return [.changesPending]
    }
    if path == "<stdin>" {
      context.console.output(String(decoding: new, as: UTF8.self))
      return []
    }
    guard old != new else { return [] }
    guard let disk = EditedFile(path), disk.bytes == old else {
      complain("\(path) is left as it is: it is no file of its own, or has changed meanwhile")
      return [.failed]
    }
    do throws(OutputFile.Problem) {
      try OutputFile.replace(path, with: new, mode: disk.mode)
      say(path)
      return []
    } catch {
      complain(error.message)
      return [.failed]
    }
  }

  /// Names the first line that would change; not its text, where it may hold a password.
  private func tell(_ path: String, _ old: [UInt8], _ new: [UInt8]) {
    let (before, after) = (FmtCommand.lines(old), FmtCommand.lines(new))
    let count = zip(before, after).prefix { $0.elementsEqual($1) }.count
    say("\(path):\(count + 1): is not in canonical form")
    for (sign, lines) in [("-", before), ("+", after)] where count < lines.count {
      let line = String(decoding: lines[count], as: UTF8.self)
      if !line.contains("://") { say("  \(sign) \(line)") }
    }
  }

  private static func lines(_ bytes: [UInt8]) -> [ArraySlice<UInt8>] {
    bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
  }
}
