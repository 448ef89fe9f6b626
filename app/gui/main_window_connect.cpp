// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Making and editing connections in the window, and keeping them in a workspace.
#include <QFileDialog>

#include <algorithm>

#include "app/gui/main_window.h"
#include "widgets/connect/connection_dialog.h"

namespace weir {
namespace {

/// The workspace with the connection in it, in the place of the one named `replaces`.
Workspace with_connection(Workspace workspace, const ConnectionDialog::Choice& choice,
                          const std::string& replaces) {
    const std::string& name = choice.connection.name;
    const auto at = std::find_if(workspace.connections.begin(), workspace.connections.end(),
                                 [&](const kafka::ConnectionOptions& each) {
                                     return each.name == name || each.name == replaces;
                                 });
    if (at == workspace.connections.end())
        workspace.connections.push_back(choice.connection);
    else
        *at = choice.connection;
    const auto of_it = [&](const Workspace::Watch& watch) {
        return watch.connection == name || watch.connection == replaces;
    };
    workspace.watch.erase(std::remove_if(workspace.watch.begin(), workspace.watch.end(), of_it),
                          workspace.watch.end());
    // The first watched connection is the one the window connects to.
    workspace.watch.insert(workspace.watch.begin(),
                           Workspace::Watch{name, choice.topics, choice.topic_patterns});
    return workspace;
}

/// Whether `changed` connects to nothing and runs nothing but what was just entered as `entered`.
/// A command that stood in the workspace before was not, even if the form took it over.
bool entered_alone(const Workspace& before, const Workspace& changed, const std::string& entered) {
    const QStringList known = commands_of(before);
    const QStringList commands = commands_of(changed);
    return std::all_of(changed.watch.begin(), changed.watch.end(),
                       [&](const Workspace::Watch& w) { return w.connection == entered; }) &&
           std::none_of(commands.begin(), commands.end(),
                        [&](const QString& command) { return known.contains(command); });
}

} // namespace

QStringList commands_of(const Workspace& workspace) {
    QStringList commands;
    const auto add = [&](const std::string& text, const char* prefix) {
        const QString command = QString::fromStdString(text);
        if (!command.startsWith(QLatin1String(prefix)))
            return;
        const QString run = command.mid(static_cast<qsizetype>(qstrlen(prefix)));
        if (!commands.contains(run))
            commands.append(run);
    };
    for (const kafka::ConnectionOptions& connection : workspace.connections) {
        const kafka::Security& s = connection.security;
        for (const kafka::SecretRef& ref :
             {s.key_password, s.keystore_password, s.password, s.oauth.client_secret})
            add(ref.text, "command:");
        if (!s.oauth.command.empty())
            add(s.oauth.command, "");
    }
    return commands;
}

void MainWindow::open_dialog(const kafka::ConnectionOptions* edited) {
    auto* dialog = new ConnectionDialog(m_start.probe, m_start.store_secret, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    std::string replaces;
    if (edited != nullptr) {
        replaces = edited->name;
        for (const Workspace::Watch& watch : m_host.workspace()->watch) {
            if (watch.connection == edited->name)
                dialog->setConnection(*edited, watch.topics, watch.topic_patterns);
        }
        if (m_host.workspace()->watch.empty())
            dialog->setConnection(*edited, {}, {});
    }
    connect(dialog, &ConnectionDialog::chosen, this,
            [this, dialog, replaces](const ConnectionDialog::Choice& choice) {
                Workspace base;
                base.name = choice.connection.name;
                base.event.dimensions = usual_dimensions();
                if (m_host.workspace())
                    base = *m_host.workspace();
                Workspace changed = with_connection(base, choice, replaces);
                // What else the workspace names still waits for its yes.
                const bool agreed =
                    m_agreed || entered_alone(base, changed, choice.connection.name);
                dialog->accept();
                if (choice.save) {
                    save_and_open(changed, agreed);
                    return;
                }
                changed.file.clear(); // in memory
                open_session([make = m_start.make_session, changed = std::move(changed),
                              agreed] { return make(changed, {.allow_commands = agreed}); },
                             agreed);
                m_connect_when_ready = agreed;
            });
    dialog->open();
}

void MainWindow::open_session(SessionMaker maker, bool agreed) {
    m_agreed = agreed;
    m_connect_when_ready = true;
    m_host.open(std::move(maker));
}

void MainWindow::connectNow() {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    if (workspace == nullptr)
        return;
    m_connect_when_ready = false;
    if (!workspace->file.empty())
        m_settings.setMayConnect(*workspace);
    if (commands_of(*workspace).isEmpty() || m_agreed) {
        m_agreed = true;
        m_host.startWatching(m_start.start);
        return;
    }
    // The session was made before the user said yes: it is made again, with the right to run them.
    open_session([make = m_start.make_session,
                  workspace] { return make(*workspace, {.allow_commands = true}); },
                 true);
}

void MainWindow::save_and_open(const Workspace& workspace, bool agreed) {
    auto* dialog = new QFileDialog(this, tr("Save the workspace"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QStringLiteral("weir.json"));
    dialog->setNameFilters({tr("Weir workspaces (*.weir.json)")});
    dialog->selectFile(workspace.file.empty()
                           ? QString::fromStdString(workspace.name) % QStringLiteral(".weir.json")
                           : QString::fromStdString(workspace.file));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, workspace, agreed](const QString& file) {
                m_settings.addRecentWorkspace(file);
                Workspace saved = workspace;
                saved.file = file.toStdString();
                if (agreed)
                    m_settings.setMayConnect(saved);
                open_session(
                    [make = m_start.make_session, saved, file,
                     agreed]() -> Result<std::unique_ptr<Session>> {
                        const Result<void> done = saved.save(file.toStdString());
                        if (!done)
                            return done.error();
                        return make(saved, {.allow_commands = agreed});
                    },
                    agreed);
            });
    dialog->open();
}

} // namespace weir
