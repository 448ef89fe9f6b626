// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The window: top bar, rail, the views in a stack, status bar, palette; and the pages that stand in
// for the views while there is nothing to view. It pulls for the view on screen (law 1): 20 times a
// second for tables, every second time for charts, badges and the status bar.
// Thread contract: GUI thread only.
#pragma once

#include <QTimer>
#include <QWidget>

#include "app/gui/command_palette.h"
#include "app/gui/history.h"
#include "app/gui/run_window.h"
#include "app/gui/user_settings.h"
#include "app/gui/views.h"
#include "models/catalogue/later.h"
#include "widgets/common/view_context.h"

class QStackedWidget;

namespace weir {

class Rail;
class BudgetPopup;
class StatePage;
class StatusBar;
class TopBar;
class WelcomePage;

/// What connecting would run on this machine: the commands that fetch secrets.
QStringList commands_of(const Workspace& workspace);

class MainWindow : public QWidget {
    Q_OBJECT
  public:
    MainWindow(WindowStart start, UserSettings& settings,
               const std::vector<ViewEntry>& entries = view_entries());
    ~MainWindow() override;

    SessionHost& host() { return m_host; }
    ViewContext& context() { return m_context; }
    TopBar* topBar() const { return m_top; }
    Rail* rail() const { return m_rail; }
    StatusBar* statusBar() const { return m_status; }
    StatePage* statePage() const { return m_state_page; }
    WelcomePage* welcomePage() const { return m_welcome; }
    CommandPalette* palette() const { return m_palette; }
    /// The view that is chosen, on screen or not yet; null without a session.
    View* currentView() const;
    /// What the stack shows now: a view, the state page or the welcome page.
    QWidget* page() const;
    const std::vector<View*>& views() const { return m_views; }

  public Q_SLOTS:
    void openView(const QString& id, const QJsonObject& place = {});
    void goBack();
    void goForward();
    void findEvent(const QString& id);
    void openPalette();
    void openWorkspace();
    void openWorkspaceFile(const QString& file);
    void newConnection();
    void editConnection();
    void startDemo();
    void connectNow();
    void openReadLimits();
    void openUnmasking();
    void openAuditTrail();
    void setTheme(weir::ThemeChoice choice);

  protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
    void closeEvent(QCloseEvent* event) override;
    void changeEvent(QEvent* event) override;

  private:
    void build();
    void make_actions();
    void make_workspace_menu();
    QAction* add_action(const QString& title, const QKeySequence& keys, std::function<void()> run);
    void make_views();
    int first_view() const;
    void drop_views();
    void refresh_page();
    void show_ready_page();
    void focus_page();
    void show_failed_page();
    bool shows_without_connection() const;
    void show_state_page();
    void show_view(int index);
    void tick();
    void chart_tick();
    void open_session(SessionMaker maker, bool agreed);
    void open_dialog(const kafka::ConnectionOptions* edited);
    void save_and_open(const Workspace& workspace, bool agreed);
    Spot spot() const;
    void arrive();
    void restore(const Spot& spot);
    std::vector<PaletteItem> palette_items();

    // main_window_topics.cpp
    struct OtherTopic {
        std::string connection;
        std::string topic;
    };
    void ask_for_topics();
    void offer_topics();
    std::vector<PaletteItem> other_topics();
    void watch_topic(const OtherTopic& other);

    void save_layouts();

    WindowStart m_start;
    UserSettings& m_settings;
    const std::vector<ViewEntry>& m_entries;
    SessionHost m_host;
    ViewContext m_context;
    History m_history;
    bool m_restoring = false;
    bool m_connect_when_ready = false; // if the user has allowed it for this workspace
    bool m_agreed = false; // the user has said yes to what this workspace connects to and runs

    Later<std::vector<OtherTopic>> m_other_topics; // of the clusters, as last asked
    bool m_topics_offered = false;                 // they stand in the palette that is open

    TopBar* m_top = nullptr;
    Rail* m_rail = nullptr;
    QStackedWidget* m_stack = nullptr;
    WelcomePage* m_welcome = nullptr;
    StatePage* m_state_page = nullptr;
    StatusBar* m_status = nullptr;
    BudgetPopup* m_budget = nullptr;
    CommandPalette* m_palette = nullptr;
    std::vector<View*> m_views;
    std::vector<QAction*> m_actions;
    int m_current = 0;
    QTimer m_timer;
    int m_tick_count = 0;
};

} // namespace weir
