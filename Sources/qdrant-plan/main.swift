import Commands

await Program.main(PlanCommand.run)
