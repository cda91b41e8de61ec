import Diagnostics
package import JSON
package import Planning
import ResourceModel

/// Draws a drift report for a log.
package struct DriftText: Sendable {
  private let report: DriftReport
  private let palette: Palette
  private let isSelection: Bool

  /// - Parameter isSelection: whether something was left out by choice.
  package init(
    _ report: DriftReport, palette: Palette = Palette(isOn: false), isSelection: Bool = false
  ) {
    self.report = report
    self.palette = palette
    self.isSelection = isSelection
  }

  /// The whole text, ending with a line break.
  package func text(showingInSync: Bool = false) -> String {
    var lines = [
      palette.bold("qdrant-drift") + "  workspace \(Sanitizer.line(report.workspace)) · "
        + ClusterLine.count(report.clusters, report.unreachable)
    ]
    lines += report.clusters.map { palette.dim(ClusterLine.text($0)) } + [""]
    if showingInSync {
      lines += report.inSync.map {
        "  in sync    \(Sanitizer.line($0.local))  @\(Sanitizer.line($0.cluster))"
      }
    }
    for entry in report.entries { lines.append(line(entry)) }
    for part in report.unreachable {
      lines.append("  unchecked  \(Sanitizer.line(part.cluster)): \(Sanitizer.line(part.reason))")
    }
    if !report.entries.isEmpty || !report.unreachable.isEmpty { lines.append("") }
    lines.append(verdict)
    return lines.joined(separator: "\n") + "\n"
  }

  private func line(_ entry: DriftReport.Entry) -> String {
    let state = entry.state.rawValue
    var text = "  " + state + String(repeating: " ", count: max(1, 11 - state.count))
    text += "\(Sanitizer.line(entry.address.local))  @\(Sanitizer.line(entry.address.cluster))"
    if !entry.path.segments.isEmpty { text += "  \(Sanitizer.line(entry.path.description))" }
    let isValue = entry.desired != nil || entry.live != nil
    if isValue {
      text += "  manifest \(ValueText.text(entry.desired)), server \(ValueText.text(entry.live))"
    }
    if let reason = entry.reason { text += "  (\(Sanitizer.line(reason)))" }
    if let position = entry.position {
      text += "  \(palette.dim("\(Sanitizer.line(position.file)):\(position.line)"))"
    }
    return text
  }

  /// The verdict in one line, with the coverage.
  package var verdict: String {
    let coverage = "\(report.checked) of \(report.mentioned) values checked"
    let parts = DriftReport.State.allCases.compactMap { state -> String? in
      let count = report.count(state)
      if count > 1, state == .differs { return "\(count) differ" }
      return count == 0 ? nil : "\(count) \(state.rawValue)"
    }
    let unreachable = report.unreachable.isEmpty ? [] : ["\(report.unreachable.count) unreachable"]
    let all = parts + unreachable
    if all.isEmpty, report.clusters.isEmpty {
      return "Nothing is \(isSelection ? "selected" : "declared"): no server was asked."
    }
    return all.isEmpty
      ? "In sync: \(coverage)." : "Drift report: \(all.joined(separator: ", ")); \(coverage)."
  }
}

/// A drift report for programs.
package enum DriftJSON {
  /// `{workspace, in_sync, entries, unreachable, totals, coverage}`.
  package static func document(_ report: DriftReport) -> JSONValue {
    [
      "workspace": .string(report.workspace),
      "in_sync": .bool(
        report.drifted == 0 && report.count(.pending) == 0 && !report.clusters.isEmpty),
      "clusters": .array(
        report.clusters.map { cluster in
          [
            "name": .string(cluster.name), "endpoint": .string(cluster.endpoint),
            "version": .string(cluster.identity.version.description),
          ]
        }),
      "entries": .array(report.entries.map(entry)),
      "unreachable": .array(
        report.unreachable.map { part in
          ["cluster": .string(part.cluster), "reason": .string(part.reason)]
        }),
      "totals": .object(
        JSONObject(
          DriftReport.State.allCases.map {
            JSONObject.Member(key: $0.rawValue, value: .integer(report.count($0)))
          })),
      "coverage": [
        "checked": .integer(report.checked), "mentioned": .integer(report.mentioned),
      ],
    ]
  }

  private static func entry(_ entry: DriftReport.Entry) -> JSONValue {
    [
      "state": .string(entry.state.rawValue), "address": .string(entry.address.description),
      "path": .string(entry.path.description), "desired": entry.desired ?? .null,
      "live": entry.live ?? .null,
      "reason": entry.reason.map { .string($0) } ?? .null,
      "position": PlanJSON.position(entry.position),
      "provenance": PlanJSON.provenance(entry.position),
    ]
  }
}
