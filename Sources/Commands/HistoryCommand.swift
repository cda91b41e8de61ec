import Diagnostics
import Execution
import JSON
import OptionParsing
import Planning
import Rendering
import ResourceModel

/// `qdrant-apply history`: what was done, from the journals.
enum HistoryCommand {
  static func run(_ command: ParsedCommand, _ context: CommandContext) -> Set<ExitStatus> {
    do throws(RunStore.Problem) {
      let place = try StatePlace.find(command.arguments, command, context)
      guard let store = try RunStore.look(place, context) else {
        context.console.output(
          "No runs: there is no state folder at \(Sanitizer.line(place.path)).\n")
        return [.success]
      }
      if let id = command.text("--run") {
        let stored = try store.run(id)
        context.console.output(
          command.text("--format") == "json" ? json(stored) : text(stored, store, context, command))
        return [.success]
      }
      return try list(store, command, context)
    } catch {
      context.complain(error.message)
      return [error.status]
    }
  }

  /// A line a run; a damaged one hides no other.
  private static func list(
    _ store: RunStore, _ command: ParsedCommand, _ context: CommandContext
  ) throws(RunStore.Problem) -> Set<ExitStatus> {
    var statuses: Set<ExitStatus> = [.success]
    for id in try store.runs() {
      do throws(RunStore.Problem) {
        let stored = try store.run(id)
        context.console.output(
          command.text("--format") == "json"
            ? JSONValue.object(summary(stored)).text() + "\n" : line(stored) + "\n")
      } catch {
        context.complain("\(id): \(error.message)")
        statuses.insert(error.status)
      }
    }
    return statuses
  }

  private static func state(_ stored: RunStore.StoredRun) -> String {
    if stored.history.isAbandoned { return "abandoned" }
    guard stored.history.header != nil else { return "never begun" }
    guard stored.isOpen || stored.history.end != nil else { return "nothing was sent" }
    return stored.history.end?.state.rawValue ?? "open"
  }

  /// A person's `unlock` has a journal of its own, and no steps.
  private static func isUnlock(_ stored: RunStore.StoredRun) -> Bool {
    stored.history.header?.steps == 0
  }

  /// The clusters whose lock was written.
  private static func clusters(_ stored: RunStore.StoredRun) -> [String] {
    stored.records.compactMap { record in
      if case .control(let cluster, _) = record.entry { cluster } else { nil }
    }
  }

  private static func line(_ stored: RunStore.StoredRun) -> String {
    if isUnlock(stored) {
      return Sanitizer.line(
        "\(stored.id)  \(stored.records.first?.time ?? "")  lock unlocked by hand"
          + clusters(stored).map { "  @\($0)" }.joined())
    }
    let done = stored.history.forward.values.filter(\.isComplete).count
    let steps = ApplyText.steps(stored.history.header?.steps ?? 0)
    let back = stored.history.header?.rollsBack.map { "  takes back \($0.run)" } ?? ""
    return Sanitizer.line(
      "\(stored.id)  \(stored.records.first?.time ?? "")  \(state(stored))  "
        + "\(done) of \(steps)  plan \((stored.history.header?.plan ?? "").prefix(8))\(back)"
    )
  }

  private static func summary(_ stored: RunStore.StoredRun) -> JSONObject {
    [
      "run": .string(stored.id), "kind": .string(isUnlock(stored) ? "unlock" : "run"),
      "state": .string(state(stored)),
      "time": stored.records.first.map { .string($0.time) } ?? .null,
      "plan": stored.history.header.map { .string($0.plan) } ?? .null,
      "steps": .integer(stored.history.header?.steps ?? 0),
      "done": .integer(stored.history.forward.values.filter(\.isComplete).count),
      "takes_back": (stored.history.header?.rollsBack?.run).map { .string($0) } ?? .null,
    ]
  }

  private static func json(_ stored: RunStore.StoredRun) -> String {
    var object = summary(stored)
    object["records"] = .array(
      stored.records.map { record in
        var entry: JSONObject = ["time": .string(record.time)]
        for member in JournalCoding.json(record.entry).members { entry[member.key] = member.value }
        return .object(entry)
      })
    return JSONValue.object(object).text(.indented) + "\n"
  }

  private static func text(
    _ stored: RunStore.StoredRun, _ store: RunStore, _ context: CommandContext,
    _ command: ParsedCommand
  ) -> String {
    let text = ApplyText(
      stored.plan.steps, palette: Tool.palette(command, context),
      isVerbose: command.has("--verbose"),
      place: store.place.printed(beside: stored.plan.origin.folder))
    var lines = [line(stored)]
    for record in stored.records {
      if let line = text.line(record.entry) { lines.append("\(record.time)  \(line)") }
    }
    if let end = stored.history.end { lines.append(text.ending(end, stored.history)) }
    return lines.joined(separator: "\n") + "\n"
  }
}
