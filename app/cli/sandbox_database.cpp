// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_database.h"

#include "app/cli/target.h"
#include "models/sandbox/warehouse/schema.h"
#include "models/workspace/workspace.h"

namespace weir::cli {

Result<std::optional<warehouse::ConnectionOptions>>
sandbox_warehouse_of(const Arguments& arguments) {
    if (!arguments.has("warehouse"))
        return std::optional<warehouse::ConnectionOptions>();
    const std::string asked = arguments.value("warehouse");
    if (arguments.has("workspace")) {
        const auto workspace = Workspace::load(arguments.value("workspace"));
        if (!workspace)
            return workspace.error();
        if (const warehouse::ConnectionOptions* const named = workspace->warehouse(asked))
            return std::optional(*named); // what is no sandbox by it is refused
    }
    warehouse::ConnectionOptions connection;
    connection.name = "warehouse";
    connection.address = asked;
    connection.password.text = arguments.value("warehouse-password");
    connection.environment = Environment::Sandbox; // or it is refused
    if (auto checked = warehouse::check_address(connection.address); !checked)
        return checked.error();
    return std::optional(std::move(connection));
}

Result<warehouse::DatabaseTicket> ready_warehouse(const warehouse::ConnectionOptions& connection,
                                                  const Arguments& arguments,
                                                  std::chrono::milliseconds wait) {
    return sandbox::prove_migrated(connection, command_line_secrets(arguments, connection.name),
                                   wait);
}

int mark_database(const Arguments& arguments, std::chrono::milliseconds wait, Console& console) {
    const auto connection = sandbox_warehouse_of(arguments);
    if (!connection)
        return console.fail(connection.error());
    const auto secrets = command_line_secrets(arguments, (*connection)->name);
    if (arguments.has("init")) {
        const auto marked = warehouse::init_sandbox_database(**connection, secrets,
                                                             arguments.values("allow-table"), wait);
        if (!marked)
            return console.fail(marked.error());
    }
    const auto ticket = arguments.has("init")
                            ? ready_warehouse(**connection, arguments, wait)
                            : warehouse::prove_sandbox_database(**connection, secrets, wait);
    if (!ticket)
        return console.fail(ticket.error());
    console.out("database " + ticket->database_id() + " is a sandbox: Weir may write to it\n");
    return exit_fine;
}

} // namespace weir::cli
