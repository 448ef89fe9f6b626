// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/gui/main_window.h"

#include <QAction>
#include <QCloseEvent>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

#include <algorithm>

#include "app/gui/application.h"
#include "app/gui/budget_popup.h"
#include "app/gui/status_bar.h"
#include "app/gui/top_bar.h"
#include "app/gui/unmask_dialog.h"
#include "app/gui/welcome_page.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/common/rail.h"
#include "widgets/common/state_page.h"

namespace weir {
namespace {

constexpr int tick_ms = 50;

QString text(const std::string& s) {
    return QString::fromStdString(s);
}

QString environment_word(kafka::Environment environment) {
    switch (environment) {
    case kafka::Environment::Production:
        return MainWindow::tr("production");
    case kafka::Environment::Staging:
        return MainWindow::tr("staging");
    case kafka::Environment::Sandbox:
        return MainWindow::tr("sandbox");
    }
    return {};
}

} // namespace

MainWindow::MainWindow(WindowStart start, UserSettings& settings,
                       const std::vector<ViewEntry>& entries)
    : m_start(std::move(start))
    , m_settings(settings)
    , m_entries(entries) {
    m_context.setClock(ZoneClock::from_id(settings.zone()));
    m_context.setTimeRange(TimeRange::from_id(settings.range()));
    build();
    make_actions();
    qApp->installEventFilter(this);
    connect(&m_host, &SessionHost::stateChanged, this, &MainWindow::refresh_page);
    connect(&m_host, &SessionHost::notRecorded, this, [this](const QString& why) {
        m_status->say(tr("▲ Masked again, but not recorded: %1").arg(why));
    });
    connect(&m_host, &SessionHost::sessionChanged, this, [this] {
        drop_views();
        if (m_host.workspace())
            make_views();
        // The filter to begin with goes to the first views there are; later it is the user's.
        if (!m_views.empty() && !m_start.filter.empty())
            m_context.setFilter(text(std::exchange(m_start.filter, {})));
        refresh_page();
    });
    connect(&m_context, &ViewContext::clockChanged, this,
            [this] { m_settings.setZone(m_context.clock().id()); });
    connect(&m_context, &ViewContext::timeRangeChanged, this, [this] {
        if (m_context.timeRange().kind != TimeRange::Kind::Absolute)
            m_settings.setRange(m_context.timeRange().id());
        arrive();
    });
    connect(&m_context, &ViewContext::filterChanged, this, &MainWindow::arrive);
    m_timer.setTimerType(Qt::PreciseTimer);
    m_timer.setInterval(tick_ms);
    connect(&m_timer, &QTimer::timeout, this, &MainWindow::tick);
    m_timer.start();
    if (!restoreGeometry(settings.geometry()))
        resize(1440, 900);
    refresh_page();
    if (m_start.open)
        open_session(m_start.open, false);
}

MainWindow::~MainWindow() {
    // The views pull from the host: they go before it does.
    drop_views();
}

void MainWindow::build() {
    setWindowTitle(tr("Weir"));
    setWindowIcon(icon(Icon::Weir, Token::Accent));
    setMinimumSize(800, 500);
    m_top = new TopBar(m_context, this);
    m_rail = new Rail;
    m_stack = new QStackedWidget;
    m_welcome = new WelcomePage(static_cast<bool>(m_start.open_demo), this);
    m_state_page = new StatePage;
    m_status = new StatusBar;
    m_stack->addWidget(m_welcome);
    m_stack->addWidget(m_state_page);
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_top);
    auto* row = new QHBoxLayout;
    row->setSpacing(0);
    row->addWidget(m_rail);
    row->addWidget(m_stack, 1);
    column->addLayout(row, 1);
    column->addWidget(m_status);
    m_palette = new CommandPalette(this);
    m_budget = new BudgetPopup(m_host, this);
    connect(m_status->limitButton(), &QToolButton::clicked, this, &MainWindow::openReadLimits);
    connect(m_budget, &BudgetPopup::changed, this, &MainWindow::chart_tick);
    connect(m_rail, &Rail::chosen, this,
            [this](int index) { openView(m_views[static_cast<std::size_t>(index)]->id()); });
    connect(m_top, &TopBar::backRequested, this, &MainWindow::goBack);
    connect(m_top, &TopBar::forwardRequested, this, &MainWindow::goForward);
    connect(m_top, &TopBar::findRequested, this, &MainWindow::findEvent);
    connect(m_top, &TopBar::paletteRequested, this, &MainWindow::openPalette);
    connect(m_welcome, &WelcomePage::openWorkspaceRequested, this, &MainWindow::openWorkspace);
    connect(m_welcome, &WelcomePage::newConnectionRequested, this, &MainWindow::newConnection);
    connect(m_welcome, &WelcomePage::demoRequested, this, &MainWindow::startDemo);
    connect(m_welcome, &WelcomePage::recentRequested, this, &MainWindow::openWorkspaceFile);
    QToolButton* theme = icon_button(Icon::Theme, tr("Light or dark (Ctrl+Shift+L)"));
    connect(theme, &QToolButton::clicked, this,
            [this] { setTheme(Theme::is_dark() ? ThemeChoice::Light : ThemeChoice::Dark); });
    m_rail->addFoot(theme);
}

View* MainWindow::currentView() const {
    const auto index = static_cast<std::size_t>(m_current);
    return index < m_views.size() ? m_views[index] : nullptr;
}

QWidget* MainWindow::page() const {
    return m_stack->currentWidget();
}

void MainWindow::make_views() {
    for (const ViewEntry& entry : m_entries) {
        View* view = entry.make(m_host, m_context, m_stack);
        const int index = static_cast<int>(m_views.size());
        m_views.push_back(view);
        m_stack->addWidget(view);
        const QString keys =
            index < 10 ? QStringLiteral("Ctrl+%1").arg((index + 1) % 10) : QString();
        m_rail->add(view->icon(), view->title(), keys);
        view->restoreLayout(m_settings.layout(view->id()));
        connect(view, &View::moved, this, [this, view] {
            if (view == currentView())
                arrive();
        });
        connect(view, &View::openRequested, this, &MainWindow::openView);
    }
    m_current = first_view();
    m_history = {};
}

/// The one that was asked for (by a filter: the one that it is for), else the first that has
/// something to tell.
int MainWindow::first_view() const {
    const std::string wanted =
        m_start.view.empty() && !m_start.filter.empty() ? "live" : m_start.view;
    const auto asked = std::find_if(m_views.begin(), m_views.end(),
                                    [&](const View* view) { return view->id() == text(wanted); });
    const auto first = asked != m_views.end()
                           ? asked
                           : std::find_if(m_views.begin(), m_views.end(),
                                          [](const View* view) { return view->opensFirst(); });
    return first == m_views.end() ? 0 : static_cast<int>(first - m_views.begin());
}

void MainWindow::drop_views() {
    save_layouts();
    m_rail->clear();
    for (View* view : m_views)
        delete view;
    m_views.clear();
    m_current = 0;
}

void MainWindow::refresh_page() {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    m_rail->setVisible(!m_views.empty());
    m_top->setWorkspaceName(workspace ? text(workspace->name) : QString());
    const kafka::ConnectionOptions* connection = m_host.connectionOptions();
    m_top->setEnvironment(m_host.environment());
    const std::shared_ptr<const Unmasking> unmasking = m_host.unmasking();
    m_top->setUnmasked(m_host.unmasked() || unmasking,
                       unmasking ? unmasking_text(*unmasking, m_context.clock()) : QString());
    m_top->setActive(!m_views.empty());
    setWindowTitle(workspace ? tr("%1 · Weir").arg(text(workspace->name)) : tr("Weir"));
    const QString name = connection == nullptr ? QString() : text(connection->name);
    switch (m_host.state()) {
    case SessionHost::State::Empty:
        m_welcome->setRecent(m_settings.recentWorkspaces());
        m_stack->setCurrentWidget(m_welcome);
        m_welcome->firstFocus()->setFocus(Qt::OtherFocusReason);
        break;
    case SessionHost::State::Opening:
        m_state_page->showConnecting(tr("Opening the workspace"), {},
                                     {{tr("Cancel"), [this] { m_host.cancel(); }}});
        m_stack->setCurrentWidget(m_state_page);
        break;
    case SessionHost::State::Connecting:
        m_state_page->showConnecting(
            tr("Connecting to %1").arg(name),
            tr("Asking %1 for its topics and partitions")
                .arg(connection == nullptr ? QString() : text(connection->bootstrap)),
            {{tr("Cancel"), [this] { m_host.cancel(); }}});
        show_state_page();
        break;
    case SessionHost::State::Ready:
        show_ready_page();
        focus_page();
        break;
    case SessionHost::State::Failed:
        show_failed_page();
        focus_page();
        break;
    case SessionHost::State::Live:
        show_view(m_current);
        break;
    }
    chart_tick();
}

/// The page's main action is one Enter away.
void MainWindow::focus_page() {
    if (m_stack->currentWidget() == m_state_page && m_state_page->firstFocus() != nullptr)
        m_state_page->firstFocus()->setFocus(Qt::OtherFocusReason);
}

void MainWindow::show_ready_page() {
    const std::shared_ptr<const Workspace> workspace = m_host.workspace();
    if (std::exchange(m_connect_when_ready, false) && m_settings.mayConnect(*workspace)) {
        connectNow();
        return;
    }
    const kafka::ConnectionOptions* connection = m_host.connectionOptions();
    if (connection == nullptr) {
        m_state_page->showEmpty(tr("This workspace has no connection"),
                                tr("Make one, and it is kept in the workspace."),
                                {{tr("New connection…"), [this] { newConnection(); }, true}});
    } else {
        const bool was_connected = m_host.wasLive();
        QString detail =
            (was_connected ? tr("%1, %2. Nothing is read any more.")
                           : tr("%1, %2. Nothing has been opened yet."))
                .arg(text(connection->bootstrap), environment_word(connection->environment));
        for (const std::string& other : watched_connections(*workspace)) {
            const kafka::ConnectionOptions* also = workspace->connection(other);
            if (also != nullptr && also != connection && other != connection->name)
                detail +=
                    QLatin1Char('\n') %
                    tr("It also connects to %1 at %2").arg(text(other), text(also->bootstrap));
        }
        for (const QString& command : commands_of(*workspace))
            detail += QLatin1Char('\n') % tr("It will run: %1").arg(command);
        m_state_page->showEmpty(tr("Connect to %1?").arg(text(connection->name)), detail,
                                {{tr("Connect"), [this] { connectNow(); }, true},
                                 {tr("Edit connection…"), [this] { editConnection(); }}});
    }
    show_state_page();
}

void MainWindow::show_failed_page() {
    std::vector<StatePage::Action> ways;
    if (m_host.workspace()) {
        ways.push_back({tr("Try again"), [this] { connectNow(); }, true});
        if (m_host.connectionOptions() != nullptr)
            ways.push_back({tr("Edit connection…"), [this] { editConnection(); }});
    } else {
        ways.push_back({tr("Open another workspace…"), [this] { openWorkspace(); }, true});
        ways.push_back({tr("New connection…"), [this] { newConnection(); }});
    }
    m_state_page->showFailed(m_host.error(), std::move(ways));
    show_state_page();
}

/// Whether the current view is shown although nothing is observed.
bool MainWindow::shows_without_connection() const {
    const SessionHost::State state = m_host.state();
    const bool waits = state == SessionHost::State::Ready ||
                       state == SessionHost::State::Connecting ||
                       state == SessionHost::State::Failed;
    return waits && m_host.session() != nullptr && currentView() != nullptr &&
           !currentView()->needsConnection();
}

void MainWindow::show_state_page() {
    if (!shows_without_connection())
        m_stack->setCurrentWidget(m_state_page);
    else if (page() != currentView())
        show_view(m_current);
}

void MainWindow::show_view(int index) {
    m_current = index;
    View* view = currentView();
    if (view == nullptr)
        return;
    m_rail->setCurrent(index);
    if (m_host.state() != SessionHost::State::Live && !shows_without_connection()) {
        if (page() != m_state_page) // one that can be shown was
            refresh_page();
        return;
    }
    const bool focus_is_free = focusWidget() == nullptr || focusWidget()->isHidden() ||
                               m_stack->isAncestorOf(focusWidget()) ||
                               focusWidget() == m_top->workspaceButton(); // first in the chain
    m_stack->setCurrentWidget(view);
    if (focus_is_free)
        view->firstFocus()->setFocus(Qt::OtherFocusReason);
    arrive();
}

void MainWindow::openView(const QString& id, const QJsonObject& place) {
    for (std::size_t i = 0; i < m_views.size(); ++i) {
        if (m_views[i]->id() != id)
            continue;
        if (!m_restoring)
            m_history.refresh(spot());
        if (!place.isEmpty()) {
            // A filter that comes with the place is part of this step, not a step of its own.
            const bool restoring = std::exchange(m_restoring, true);
            m_views[i]->goTo(place);
            m_restoring = restoring;
        }
        show_view(static_cast<int>(i));
        return;
    }
}

Spot MainWindow::spot() const {
    const View* view = currentView();
    if (view == nullptr)
        return {};
    return {view->id(), view->place(), m_context.timeRange().id(), m_context.filter()};
}

void MainWindow::arrive() {
    if (m_restoring || currentView() == nullptr || page() != currentView())
        return;
    m_history.arrive(spot());
    m_top->setCanGo(m_history.canGoBack(), m_history.canGoForward());
}

void MainWindow::goBack() {
    if (!m_history.canGoBack())
        return;
    m_history.refresh(spot());
    restore(m_history.back());
}

void MainWindow::goForward() {
    if (!m_history.canGoForward())
        return;
    m_history.refresh(spot());
    restore(m_history.forward());
}

void MainWindow::restore(const Spot& spot) {
    const Spot there = spot; // the history may move while it is gone to
    m_restoring = true;
    m_context.setTimeRange(TimeRange::from_id(there.range));
    m_context.setFilter(there.filter);
    openView(there.view, there.place);
    m_restoring = false;
    m_top->setCanGo(m_history.canGoBack(), m_history.canGoForward());
}

void MainWindow::findEvent(const QString& id) {
    for (View* view : m_views) {
        if (view->findEvent(id)) {
            openView(view->id());
            return;
        }
    }
    m_status->say(tr("Connect first: there is nothing to look for the event in"));
}

void MainWindow::setTheme(ThemeChoice choice) {
    m_settings.setTheme(choice);
    Theme::apply(choice);
}

void MainWindow::tick() {
    if (Application* application = Application::instance())
        application->busy().close_tick();
    View* view = currentView();
    const bool on_screen = view != nullptr && page() == view && isVisible();
    if (on_screen)
        view->tick();
    if (++m_tick_count % 2 != 0)
        return;
    if (on_screen)
        view->chartTick();
    chart_tick();
    offer_topics();
}

void MainWindow::chart_tick() {
    const std::int64_t now = Micros::now().value();
    m_status->setFacts(status_facts(m_host, now, m_context.clock()));
    m_status->setLimit(BudgetPopup::summary(m_host));
    QString measure;
    if (const Application* application = Application::instance()) {
        const BusyMeter& busy = const_cast<Application*>(application)->busy();
        measure =
            tr("Window busy per 50 ms: p50 %1, p99 %2, max %3 over %4 ticks")
                .arg(duration_text(busy.quantile_us(0.5)), duration_text(busy.quantile_us(0.99)),
                     duration_text(busy.max_us()), count_text(busy.ticks()));
    }
    m_status->setClock(m_context.clock().time(now, Precision::Seconds) % QLatin1Char(' ') %
                           m_context.clock().abbreviation(now),
                       measure);
    for (std::size_t i = 0; i < m_views.size(); ++i)
        m_rail->setBadge(static_cast<int>(i), m_views[i]->badge());
}

void MainWindow::save_layouts() {
    for (const View* view : m_views)
        m_settings.setLayout(view->id(), view->layoutState());
}

void MainWindow::closeEvent(QCloseEvent* event) {
    save_layouts();
    m_settings.setGeometry(saveGeometry());
    event->accept();
}

/// A text field takes some keys for itself (Ctrl+K deletes to the end of the line): the window's
/// own come first wherever the keyboard is.
bool MainWindow::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride)
        return false;
    const auto* widget = qobject_cast<QWidget*>(watched);
    if (widget == nullptr || widget->window() != this)
        return false;
    const QKeySequence keys(static_cast<QKeyEvent*>(event)->keyCombination());
    for (const QAction* action : actions()) {
        if (!action->shortcut().isEmpty() && action->shortcut() == keys) {
            event->ignore();
            return true;
        }
    }
    return false;
}

void MainWindow::changeEvent(QEvent* event) {
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        update();
}

} // namespace weir
