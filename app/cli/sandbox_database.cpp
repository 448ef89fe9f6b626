// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sandbox_database.h"

#include "app/cli/target.h"
#include "connectors/warehouse/sandbox/sandbox.h"

namespace weir::cli {

int mark_database(const Arguments& arguments, std::chrono::milliseconds wait, Console& console) {
    warehouse::ConnectionOptions connection;
    connection.name = "warehouse";
    connection.address = arguments.value("warehouse");
    connection.password.text = arguments.value("warehouse-password");
    connection.environment = Environment::Sandbox; // what is asked for here is to make it one
    if (const auto checked = warehouse::check_address(connection.address); !checked)
        return console.fail(checked.error());
    const auto secrets = command_line_secrets(arguments, connection.name);
    if (arguments.has("init")) {
        const auto marked = warehouse::init_sandbox_database(connection, secrets,
                                                             arguments.values("allow-table"), wait);
        if (!marked)
            return console.fail(marked.error());
    }
    const auto ticket = warehouse::prove_sandbox_database(connection, secrets, wait);
    if (!ticket)
        return console.fail(ticket.error());
    console.out("database " + ticket->database_id() + " is a sandbox: Weir may write to it\n");
    return exit_fine;
}

} // namespace weir::cli
