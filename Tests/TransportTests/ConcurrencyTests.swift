import ScriptedServer
import Testing
import Transport

@Suite struct ConcurrencyTests {
  @Test func `A cancelled request ends at once, and counts as sent when it was`() async throws {
    let server = try ScriptedServer(then: .stall)
    let transport = try makeTransport(server.address) { $0.timeouts.total = .seconds(60) }
    let clock = ContinuousClock()
    let start = clock.now
    let error = try await withThrowingTaskGroup(of: TransportError?.self) { group in
      group.addTask { await failure(of: mutation, over: transport) }
      #expect(try await server.waitForRequests(1))
      group.cancelAll()
      return try await group.next() ?? nil
    }
    #expect(error?.reason == .cancelled)
    #expect(error?.neverSent == false)
    #expect(clock.now - start < .seconds(5))
  }

  @Test func `A request of a cancelled task is never sent`() async throws {
    let server = try ScriptedServer()
    let transport = try makeTransport(server.address)
    let error = await withTaskGroup(of: TransportError?.self) { group in
      group.cancelAll()
      group.addTask { await failure(of: mutation, over: transport) }
      return await group.next() ?? nil
    }
    #expect(error?.reason == .cancelled)
    #expect(error?.neverSent == true)
    #expect(server.connectionCount == 0)
  }

  @Test func `A request that waits for its turn can be cancelled, and was never sent`()
    async throws
  {
    let server = try ScriptedServer(then: .stall)
    let transport = try makeTransport(server.address) { configuration in
      configuration.maxConcurrentRequests = 1
      configuration.timeouts.total = .seconds(60)
    }
    try await withThrowingTaskGroup(of: Void.self) { outer in
      // It holds the only place until the end.
      outer.addTask { #expect(await failure(of: mutation, over: transport)?.neverSent == false) }
      #expect(try await server.waitForRequests(1))
      let errors = try await withThrowingTaskGroup(of: TransportError?.self) { group in
        for _ in 0..<20 { group.addTask { await failure(of: read, over: transport) } }
        try await Task.sleep(for: .milliseconds(50))
        group.cancelAll()
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(errors.count == 20)
      #expect(errors.allSatisfy { $0?.reason == .cancelled && $0?.neverSent == true })
      #expect(server.requests.count == 1)
      transport.shutdown()
      try await outer.waitForAll()
    }
  }

  @Test(arguments: [1, 3, 8])
  func `No more requests are in flight than the bound allows`(bound: Int) async throws {
    let server = try ScriptedServer(then: .late(.init(), after: .milliseconds(10)))
    let transport = try makeTransport(server.address) { $0.maxConcurrentRequests = bound }
    let statuses = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<24 { group.addTask { try await transport.send(read).status } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(statuses == Array(repeating: 200, count: 24))
    // Reads keep their connections, so there are as many as were in flight at once.
    #expect(server.connectionCount == bound)
  }

  @Test func `Many callers at once each get their own answer`() async throws {
    let server = try ScriptedServer()
    let transport = try makeTransport(server.address)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for caller in 0..<8 {
        group.addTask {
          for number in 0..<100 {
            let isChange = number % 10 == 0
            let answer = try await transport.send(
              HTTPRequest(
                method: isChange ? "PUT" : "GET", target: "/\(caller)/\(number)",
                body: isChange ? Array("{}".utf8) : nil, effect: isChange ? .mutation : .read))
            #expect(answer.status == 200)
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(Set(server.requests.map(\.line)).count == 800)
    #expect(server.requests.count == 800)
  }

  @Test func `Shutting down ends what is in flight and refuses what comes later`() async throws {
    let server = try ScriptedServer(then: .stall)
    let transport = try makeTransport(server.address) { configuration in
      configuration.maxConcurrentRequests = 1
      configuration.timeouts.total = .seconds(60)
    }
    let errors = try await withThrowingTaskGroup(of: TransportError?.self) { group in
      for _ in 0..<3 { group.addTask { await failure(of: mutation, over: transport) } }
      #expect(try await server.waitForRequests(1))
      transport.shutdown()
      return try await group.reduce(into: []) { $0.append($1) }
    }
    // A task that had not begun by then is refused instead.
    #expect(errors.allSatisfy { $0?.reason == .cancelled || $0?.reason == .refusedLocally })
    #expect(errors.filter { $0?.neverSent == false }.count == 1)
    transport.shutdown()
    let error = await failure(of: read, over: transport)
    #expect(error?.reason == .refusedLocally)
    #expect(error?.neverSent == true)
  }

  @Test func `Transports come and go without a rest`() async throws {
    let server = try ScriptedServer()
    for _ in 0..<50 {
      #expect(try await makeTransport(server.address).send(read).status == 200)
    }
    #expect(server.requests.count == 50)
  }
}
