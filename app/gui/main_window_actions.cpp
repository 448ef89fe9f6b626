// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What the user can do in the window: actions with their keys, the workspace's menu, the palette.
#include <QAction>
#include <QApplication>
#include <QFileDialog>
#include <QLineEdit>
#include <QMenu>
#include <QToolButton>

#include "app/gui/audit_dialog.h"
#include "app/gui/budget_popup.h"
#include "app/gui/main_window.h"
#include "app/gui/status_bar.h"
#include "app/gui/top_bar.h"
#include "app/gui/unmask_dialog.h"
#include "widgets/common/controls.h"

namespace weir {

QAction* MainWindow::add_action(const QString& title, const QKeySequence& keys,
                                std::function<void()> run) {
    auto* action = new QAction(title, this);
    action->setShortcut(keys);
    connect(action, &QAction::triggered, this, std::move(run));
    addAction(action);
    m_actions.push_back(action);
    return action;
}

void MainWindow::make_actions() {
    const auto key = [](const char* text) { return QKeySequence(QLatin1String(text)); };
    add_action(tr("Open workspace…"), key("Ctrl+O"), [this] { openWorkspace(); });
    add_action(tr("New connection…"), key("Ctrl+N"), [this] { newConnection(); });
    add_action(tr("Edit connection…"), {}, [this] { editConnection(); });
    if (m_start.open_demo)
        add_action(tr("Start the demo"), {}, [this] { startDemo(); });
    add_action(tr("Connect"), key("Ctrl+R"), [this] {
        if (m_host.workspace())
            connectNow();
    });
    add_action(tr("Disconnect"), {}, [this] { m_host.stopLive(); });
    add_action(tr("Read limits…"), {}, [this] { openReadLimits(); });
    add_action(tr("Unmask…"), {}, [this] { openUnmasking(); });
    add_action(tr("Mask again"), {}, [this] { m_host.maskAgain(); });
    add_action(tr("Audit trail…"), {}, [this] { openAuditTrail(); });
    add_action(tr("Find an event by id"), key("Ctrl+F"), [this] {
        m_top->findField()->setFocus(Qt::ShortcutFocusReason);
        m_top->findField()->selectAll();
    });
    add_action(tr("Time range…"), key("Ctrl+T"), [this] { m_top->openRange(); });
    add_action(tr("Time zone…"), {}, [this] { m_top->openZone(); });
    add_action(tr("Back"), key("Alt+Left"), [this] { goBack(); });
    add_action(tr("Forward"), key("Alt+Right"), [this] { goForward(); });
    add_action(tr("Theme: light"), {}, [this] { setTheme(ThemeChoice::Light); });
    add_action(tr("Theme: dark"), {}, [this] { setTheme(ThemeChoice::Dark); });
    add_action(tr("Theme: as the system"), {}, [this] { setTheme(ThemeChoice::System); });
    add_action(tr("Switch between light and dark"), key("Ctrl+Shift+L"),
               [this] { setTheme(Theme::is_dark() ? ThemeChoice::Light : ThemeChoice::Dark); });
    add_action(tr("Full screen"), key("F11"),
               [this] { setWindowState(windowState() ^ Qt::WindowFullScreen); });
    add_action(tr("Quit"), key("Ctrl+Q"), [this] { close(); });
    // The palette and the views' keys are not commands of their own in the palette.
    auto* palette_action = new QAction(this);
    palette_action->setShortcut(key("Ctrl+K"));
    connect(palette_action, &QAction::triggered, this, &MainWindow::openPalette);
    addAction(palette_action);
    for (int i = 0; i < 10; ++i) {
        auto* action = new QAction(this);
        action->setShortcut(QKeySequence(QStringLiteral("Ctrl+%1").arg((i + 1) % 10)));
        connect(action, &QAction::triggered, this, [this, i] {
            if (static_cast<std::size_t>(i) < m_views.size())
                openView(m_views[static_cast<std::size_t>(i)]->id());
        });
        addAction(action);
    }
    make_workspace_menu();
}

void MainWindow::make_workspace_menu() {
    auto* menu = new QMenu(this);
    connect(menu, &QMenu::aboutToShow, this, [this, menu] {
        menu->clear();
        for (const QAction* action : m_actions) {
            if (action->text() == tr("Find an event by id"))
                break; // the workspace's own actions come first in the list
            menu->addAction(const_cast<QAction*>(action));
        }
        const QStringList recent = m_settings.recentWorkspaces();
        if (!recent.isEmpty())
            menu->addSeparator();
        for (const QString& file : recent.mid(0, 5)) {
            const QString shown = QString(file).replace(QLatin1Char('&'), QStringLiteral("&&"));
            menu->addAction(shown, this, [this, file] { openWorkspaceFile(file); });
        }
    });
    m_top->workspaceButton()->setMenu(menu);
}

void MainWindow::openPalette() {
    ask_for_topics();
    m_topics_offered = false;
    m_palette->popUp(palette_items());
}

std::vector<PaletteItem> MainWindow::palette_items() {
    std::vector<PaletteItem> items;
    const auto add = [&items](QAction* action, const QString& group) {
        if (!action->isEnabled() || action->text().isEmpty())
            return;
        items.push_back({QString(action->text()).remove(QLatin1Char('&')), group,
                         action->shortcut().toString(QKeySequence::NativeText),
                         [action] { action->trigger(); }});
    };
    if (const View* view = currentView()) {
        for (QAction* action : view->commands())
            add(action, view->title());
    }
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        const QString keys = i < 10 ? QStringLiteral("Ctrl+%1").arg((i + 1) % 10) : QString();
        items.push_back({m_views[i]->title(), tr("View"), keys,
                         [this, id = m_views[i]->id()] { openView(id); }});
    }
    for (QAction* action : m_actions)
        add(action, tr("Weir"));
    for (const View* view : m_views) {
        for (const PaletteEntry& entry : view->paletteEntries())
            items.push_back({entry.title, entry.group, {}, entry.run});
    }
    for (PaletteItem& item : other_topics())
        items.push_back(std::move(item));
    if (!m_views.empty()) {
        for (const TimeRange& range : TimeRange::presets())
            items.push_back({range.label(m_context.clock()), tr("Time range"), {}, [this, range] {
                                 m_context.setTimeRange(range);
                             }});
    }
    for (const QString& file : m_settings.recentWorkspaces())
        items.push_back({file, tr("Workspace"), {}, [this, file] { openWorkspaceFile(file); }});
    return items;
}

void MainWindow::openReadLimits() {
    m_budget->popUpAt(m_status->limitButton());
}

void MainWindow::openUnmasking() {
    if (m_host.session() == nullptr)
        return;
    auto* dialog = new UnmaskDialog(m_host, this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::openAuditTrail() {
    auto* dialog = new AuditDialog(store::audit_path(), m_context.clock(), this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->open();
}

void MainWindow::openWorkspace() {
    auto* dialog = new QFileDialog(this, tr("Open a workspace"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setFileMode(QFileDialog::ExistingFile);
    dialog->setNameFilters({tr("Weir workspaces (*.weir.json)"), tr("All files (*)")});
    connect(dialog, &QFileDialog::fileSelected, this, &MainWindow::openWorkspaceFile);
    dialog->open();
}

void MainWindow::openWorkspaceFile(const QString& file) {
    m_settings.addRecentWorkspace(file);
    open_session(workspace_opener(file.toStdString(), m_start.make_session), false);
}

void MainWindow::startDemo() {
    if (m_start.open_demo)
        open_session(m_start.open_demo, false);
}

void MainWindow::newConnection() {
    open_dialog(nullptr);
}

void MainWindow::editConnection() {
    open_dialog(m_host.connectionOptions());
}

} // namespace weir
