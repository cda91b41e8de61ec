import Commands

await Program.main(ApplyCommand.run)
