import Execution
import JSON
import OptionParsing
import Rendering
import Synchronization

/// Tells a run as it goes: a line per event, a heartbeat while nothing happens, and the same as
/// JSON Lines for programs.
final class RunProgress: Sendable {
  private let text: ApplyText
  private let console: CommandContext.Console
  private let isQuiet: Bool
  private let events: EventFile?
  private let state = Mutex((last: ContinuousClock.now, begun: ContinuousClock.now))

  /// How long nothing may be said on a pipe.
  private static let silence = Duration.seconds(30)

  init(
    _ text: ApplyText, _ command: ParsedCommand, _ context: CommandContext
  ) throws(RunStore.Problem) {
    self.text = text
    console = context.console
    isQuiet = command.has("--quiet")
    do throws(OutputFile.Problem) {
      events = try command.text("--events").map { path throws(OutputFile.Problem) in
        try EventFile(path)
      }
    } catch {
      throw RunStore.Problem(error.message)
    }
  }

  /// One entry that is in the journal.
  func tell(_ entry: JournalEntry, _ json: JSONObject, _ time: String) {
    events?.write(json, time: time)
    guard !isQuiet, let line = text.line(entry) else { return }
    state.withLock { $0.last = ContinuousClock.now }
    console.output(line + "\n")
  }

  /// Does the work; meanwhile a pipe hears something at least every half minute.
  func whileBeating<Value: Sendable>(
    _ work: () async -> Value
  ) async -> Value {
    let beats = !isQuiet && !console.outputIsTerminal
    return await withTaskGroup(of: Void.self) { group in
      if beats { group.addTask { await self.beat() } }
      let value = await work()
      group.cancelAll()
      return value
    }
  }

  private func beat() async {
    while !Task.isCancelled {
      do { try await Task.sleep(for: .seconds(1)) } catch { return }
      let now = ContinuousClock.now
      let seconds = state.withLock { state -> Int64? in
        guard now - state.last >= RunProgress.silence else { return nil }
        state.last = now
        return (now - state.begun).components.seconds
      }
      if let seconds { console.output("  … still at work, \(seconds) s since the start\n") }
    }
  }

  /// The end, on standard output when all went well.
  func end(_ end: RunEnd, _ machine: ApplyMachine) {
    var ending = text.ending(end, machine.history) + "\n"
    for cluster in machine.leftLocked {
      ending += text.leftLocked(cluster, machine.history) + "\n"
    }
    if end.state == .applied { console.output(ending) } else { console.error(ending) }
    events?.close()
  }
}
