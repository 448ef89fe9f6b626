// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/live_view.h"

#include <QHBoxLayout>
#include <QJsonObject>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabBar>
#include <QTimer>
#include <QToolButton>

#include "models/live/failures.h"
#include "widgets/common/controls.h"
#include "widgets/common/number_text.h"
#include "widgets/common/state_page.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/jump_popup.h"
#include "widgets/live/live_status.h"
#include "widgets/live/live_table.h"
#include "widgets/live/search_popup.h"

namespace weir {

namespace {

/// Whether `text` says `before` and more, as the bar writes it.
bool narrows(const QString& before, const QString& text) {
    return text == before ||
           (!before.isEmpty() && (text.startsWith(before % QStringLiteral(" and ")) ||
                                  text.startsWith(u'(' % before % QStringLiteral(") and "))));
}

QWidget* card_around(QWidget* inside, QWidget* parent) {
    auto* const card = new Card(parent);
    auto* const layout = new QVBoxLayout(card);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->addWidget(inside);
    return card;
}

} // namespace

LiveView::LiveView(std::unique_ptr<LiveSource> source, ViewContext& context, QWidget* parent)
    : View(parent)
    , m_source(std::move(source))
    , m_context(context) {
    build();
    makeCommands();
    connectParts();
    m_table->setClock(m_context.clock());
    m_detail->setClock(m_context.clock());
    tick();
}

LiveView::~LiveView() {
    delete m_search_popup; // a search that it has planned must not outlive the source
}

void LiveView::build() {
    m_bar = new FilterBar(this);
    m_stack = new QStackedWidget(this);
    m_table = new LiveTable(m_stack);
    m_state = new StatePage(m_stack);
    m_stack->addWidget(m_state);
    m_stack->addWidget(m_table);
    m_detail = new DetailPane(this);
    m_splitter = new QSplitter(Qt::Horizontal, this);
    m_splitter->setChildrenCollapsible(false);
    m_splitter->setHandleWidth(Theme::gap);
    m_splitter->addWidget(card_around(m_stack, m_splitter));
    m_detail_card = card_around(m_detail, m_splitter);
    m_detail_card->setMinimumWidth(260);
    m_splitter->addWidget(m_detail_card);
    m_splitter->setStretchFactor(0, 1);
    m_splitter->setStretchFactor(1, 0);
    m_splitter->setSizes({900, 340});
    m_detail_card->hide();
    m_jump_popup = new JumpPopup(this);
    m_search_popup = new SearchPopup(this);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(16, 16, 16, 12);
    all->setSpacing(8);
    all->addWidget(m_bar);
    all->addWidget(buildToolLine());
    all->addWidget(m_splitter, 1);
}

QWidget* LiveView::buildToolLine() {
    auto* const line = new QWidget(this);
    m_status = new TextLabel({}, TextRole::Muted, line);
    m_status->setElided();
    m_status->setAccessibleName(tr("What is shown"));
    m_note_label = new TextLabel({}, TextRole::Muted, line);
    m_read_there_button = link_button(tr("Read from there"), line);
    m_read_there_button->hide();
    m_cancel = link_button(tr("Cancel"), line);
    m_cancel->hide();
    m_note_timer = new QTimer(this);
    m_note_timer->setSingleShot(true);
    m_failures_button = quiet_button({}, line);
    m_failures_button->setCheckable(true);
    m_pause = icon_button(Icon::Pause, tr("Pause"), line);
    m_jump_button = icon_button(Icon::Jump, tr("Jump to a time or an offset (Ctrl+G)"), line);
    m_columns_button = icon_button(Icon::Columns, tr("Columns"), line);
    m_columns_button->setPopupMode(QToolButton::InstantPopup);
    m_export_button = icon_button(Icon::Export, tr("Export"), line);
    m_export_button->setPopupMode(QToolButton::InstantPopup);
    auto* const layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(4);
    layout->addWidget(m_status, 1);
    layout->addWidget(m_note_label);
    layout->addWidget(m_read_there_button);
    layout->addWidget(m_cancel);
    layout->addSpacing(8);
    layout->addWidget(m_failures_button);
    layout->addSpacing(4);
    for (QToolButton* button : {m_pause, m_jump_button, m_columns_button, m_export_button})
        layout->addWidget(button);
    return line;
}

void LiveView::connectParts() {
    connect(m_bar, &FilterBar::filterApplied, this, &LiveView::applyFilter);
    connect(m_bar, &FilterBar::searchWanted, this, &LiveView::askSearch);
    connect(m_search_popup, &SearchPopup::started, this,
            [this] { showSearch(m_search_popup->take()); });
    m_bar->setSeen([this] { return seen(); });
    connect(m_table, &LiveTable::pauseWanted, this, &LiveView::pause);
    connect(m_table, &LiveTable::followWanted, this, &LiveView::resume);
    connect(m_table, &LiveTable::toggleFollowWanted, this,
            [this] { isPaused() ? resume() : pause(); });
    connect(m_table, &LiveTable::currentChanged, this, [this] {
        note({});
        openCurrent(false);
    });
    connect(m_table, &LiveTable::activated, this, [this] { openCurrent(true); });
    connect(m_table, &LiveTable::copyWanted, this, [this] { copy(QStringLiteral("rows")); });
    connect(m_table, &LiveTable::menuWanted, this, &LiveView::rowMenu);
    connect(m_table, &LiveTable::sortWanted, this, &LiveView::nextSorting);
    connect(m_failures_button, &QPushButton::clicked, this, &LiveView::showFailures);
    connect(m_table, &LiveTable::headerMenuWanted, this, &LiveView::headerMenu);
    connect(m_detail, &DetailPane::closeWanted, this, [this] {
        m_detail_closed = true;
        m_detail_card->hide();
        m_table->setFocus();
    });
    connect(m_detail, &DetailPane::termWanted, m_bar, &FilterBar::addTerm);
    connect(m_detail, &DetailPane::columnWanted, this,
            [this](const QString& path) { addColumn(QStringLiteral("$.") % path); });
    connect(m_pause, &QToolButton::clicked, this, [this] { isPaused() ? resume() : pause(); });
    connect(m_jump_button, &QToolButton::clicked, this, [this] {
        const QPoint below = m_jump_button->mapToGlobal(QPoint(0, m_jump_button->height() + 4));
        m_jump_popup->ask(below - QPoint(260, 0), m_context.clock());
    });
    connect(m_jump_popup, &JumpPopup::chosen, this, &LiveView::jumpTo);
    connect(m_read_there_button, &QPushButton::clicked, this, &LiveView::readFromThere);
    connect(m_note_timer, &QTimer::timeout, this, [this] { note({}); });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        if (m_export)
            m_export->cancel();
        else if (m_order.working())
            sortBy(std::nullopt);
        else if (m_search && !m_search->status().finished)
            m_search->cancel();
        else if (m_results)
            backToLive();
    });
    connect(&m_context, &ViewContext::clockChanged, this, [this] {
        m_table->setClock(m_context.clock());
        m_detail->setClock(m_context.clock());
    });
    connect(&m_context, &ViewContext::timeRangeChanged, this, &LiveView::applyRange);
    connect(&m_context, &ViewContext::filterChanged, this, [this] {
        if (m_context.filter() != m_bar->appliedText())
            m_bar->apply(m_context.filter());
    });
}

// ---- what is observed --------------------------------------------------------------------------

std::unique_ptr<RowReader> LiveView::makeReader() const {
    return std::make_unique<RowReader>(m_source->vocabulary(), m_source->disclosure(),
                                       RowReader::Style::Screen, m_source->decoders()());
}

void LiveView::makeLoader() {
    m_loader = std::make_unique<EventLoader>(
        m_source->vocabulary(), m_source->disclosure(), m_source->decoders()(),
        m_source->checkers()(),
        [this] { QMetaObject::invokeMethod(this, &LiveView::showDetail, Qt::QueuedConnection); });
}

void LiveView::setReader() {
    const bool first = m_table->columns().empty();
    m_order.reset(m_source->vocabulary(), m_source->disclosure(), m_source->decoders());
    m_table->showSorting(std::nullopt, false);
    m_table->setReader(makeReader());
    if (first)
        m_table->setColumns(usualColumns());
    m_detail->setDetail(nullptr);
    m_detail_card->hide();
}

/// Another observation: all that was shown is void.
void LiveView::observe() {
    m_observation = m_source->observation();
    m_rules = m_source->rules();
    m_results.reset();
    m_search.reset();
    m_failures.reset();
    m_live.reset();
    m_loader.reset();
    m_offered.clear();
    m_caught_up = false;
    if (!m_source->vocabulary())
        return;
    m_live = LiveFeed::start(feedOptions());
    m_live->set_filter(m_bar->filter());
    applyRange();
    makeLoader();
    m_detail->setCommandTarget(
        [this](const std::string& connection) { return m_source->commandTarget(connection); });
    setReader();
}

LiveFeed* LiveView::feed() const {
    return m_results ? m_results.get() : m_failures ? m_failures.get() : m_live.get();
}

void LiveView::tick() {
    if (m_observation != m_source->observation())
        observe();
    else if (m_live && m_rules != m_source->rules())
        applyRules();
    m_bar->setSearchVisible(m_source->can_search()); // which may come later than the observation
    m_search_popup->tick();
    const LiveStatus status = m_source->status();
    if (!m_live) {
        showState(LiveSnapshot(), status);
        return;
    }
    auto lanes = m_source->snapshots();
    if (lanes != m_offered || status.caught_up != m_caught_up) {
        m_offered = lanes;
        m_caught_up = status.caught_up;
        if (m_failures)
            m_failures->offer(failures_alone(lanes), m_caught_up);
        m_live->offer(std::move(lanes), m_caught_up);
        showFailureCount();
    }
    slideRange();
    if (m_results && m_search)
        m_results->offer(m_search->results());
    const auto snapshot = shownSnapshot();
    m_table->setSnapshot(snapshot);
    seekReadPlace(*snapshot);
    answerJump(*snapshot);
    openFound(*snapshot);
    tickExport();
    showStatus(*snapshot);
    showState(*snapshot, status);
}

void LiveView::showStatus(const LiveSnapshot& snapshot) {
    QString text;
    Token tone = Token::Muted;
    if (m_results && m_search) {
        const LiveSearchStatus search = m_search->status();
        text = search_status_text(snapshot, search, rangeText());
        tone = search.error                          ? Token::Red
               : search.finished && !search.complete ? Token::Amber
                                                     : Token::Muted;
        m_bar->setSearching(!search.finished);
        m_cancel->setText(search.finished ? tr("Back to live") : tr("Cancel the search"));
    } else {
        const LiveStatus status = m_source->status();
        text = live_status_text(snapshot, status, m_context.clock(), rangeText());
        if (m_failures)
            text.prepend(failures_text(count_failures(m_offered)));
        tone = live_status_tone(snapshot, status);
        m_bar->setSearching(false);
        m_cancel->setText(tr("Cancel"));
    }
    if (m_order.working()) {
        text.prepend(tr("sorting, %1 · ").arg(share_text(m_order.share())));
        m_cancel->setText(tr("Cancel the sorting"));
    }
    if (m_status->text() != text)
        m_status->setText(text);
    m_status->setTone(tone);
    m_failures_button->setVisible(!m_results); // they are the stream's; the search tells its own
    m_cancel->setVisible(m_results != nullptr || m_export != nullptr || m_order.working());
    if (m_note_label->text() != m_note)
        m_note_label->setText(m_note);
    m_read_there_button->setVisible(m_read_there.has_value());
    const bool paused = isPaused();
    const QString name = paused ? tr("Follow the newest events (Space)") : tr("Pause (Space)");
    if (m_pause->toolTip() != name) {
        m_pause->setIcon(::weir::icon(paused ? Icon::Play : Icon::Pause));
        m_pause->setToolTip(name);
        m_pause->setAccessibleName(name);
    }
}

QString LiveView::statusText() const {
    return m_status->text();
}

bool LiveView::isPaused() const {
    return !m_table->following();
}

void LiveView::pause() {
    if (m_table->following()) {
        // Asked for by a button: the table holds what it shows, as if the user had scrolled.
        m_table->hold();
        return;
    }
    if (feed())
        feed()->pause();
}

void LiveView::resume() {
    note({});
    if (!m_results)
        sortBy(std::nullopt); // a stream that goes on is not sorted
    if (feed())
        feed()->resume();
    m_table->follow();
}

// ---- filter ----------------------------------------------------------------------

void LiveView::applyFilter() {
    note({});
    if (m_bar->filter() && m_bar->filter()->asks_for_violations() && !m_source->has_contracts())
        note(tr("Without contracts only dead letters tell their violations"));
    for (LiveFeed* rows : {m_live.get(), m_failures.get()}) {
        const std::uint64_t token = rows != nullptr ? rows->set_filter(m_bar->filter()) : 0;
        if (token != 0 && rows == feed())
            m_filter_token = token;
    }
    // What was found answers the filter it was found by, and what narrows that; no other one.
    const QString text = m_bar->appliedText();
    if (m_results && narrows(m_searched_text, text) && canNarrow())
        m_results->set_filter(filterOfResults());
    else if (m_results)
        backToLive();
    m_context.setFilter(m_bar->appliedText());
    Q_EMIT moved();
}

QString LiveView::rangeText() const {
    const TimeRange& range = m_context.timeRange();
    return range.kind == TimeRange::Kind::Everything ? QString() : range.label(m_context.clock());
}

// ---- one event ---------------------------------------------------------------------------------

void LiveView::openCurrent(bool focus) {
    const auto ref = m_table->currentRef();
    if (!ref || !m_loader) {
        return;
    }
    if (m_detail_closed && !focus)
        return;
    m_detail_closed = false;
    const auto& segment = m_table->snapshot()->segment(*ref);
    if (!segment)
        return;
    m_detail_token = m_loader->load(segment, ref->row);
    m_detail->setLoading();
    m_detail_card->show();
    if (focus)
        m_detail->tabs()->setFocus();
}

void LiveView::showDetail() {
    if (!m_loader)
        return;
    const auto detail = m_loader->detail();
    if (detail && detail->token == m_detail_token && detail != m_detail->detail())
        m_detail->setDetail(detail);
}

// ---- export ------------------------------------------------------------------------------------

void LiveView::exportTo(const QString& path, ExportFormat format, bool tokens) {
    if (m_export || !m_table->snapshot() || path.isEmpty())
        return;
    ExportRequest request;
    request.snapshot = m_table->snapshot();
    if (m_table->selection().count() > 1)
        request.rows = m_table->selectedRefs();
    request.columns = m_table->chosenColumns();
    request.format = format;
    request.path = path.toStdString();
    request.vocabulary = m_source->vocabulary();
    request.disclosure = m_source->disclosure();
    request.decoders = m_source->decoders();
    if (tokens)
        request.make_disclosure = m_source->tokenised();
    else if (!request.disclosure->masks())
        request.announce = m_source->exportRecorder(
            request.path, request.rows.empty() ? request.snapshot->matched() : request.rows.size());
    m_export = ExportJob::start(std::move(request));
}

void LiveView::tickExport() {
    if (!m_export)
        return;
    const ExportJob::Progress progress = m_export->progress();
    if (!progress.finished) {
        note(tr("exporting, %1 of %2 rows")
                 .arg(count_text(progress.done), count_text(progress.total)));
        return;
    }
    const Result<void> result = m_export->result();
    note(result ? tr("%1 rows exported").arg(count_text(progress.done - progress.left_out))
                : QStringLiteral("▲ ") % QString::fromStdString(result.error().text()));
    m_export.reset();
}

/// Said until the next action, or until it has been read; a failure stays.
void LiveView::note(const QString& text) {
    constexpr int read_ms = 12'000;
    m_note = text;
    m_read_there.reset();
    if (text.isEmpty() || text.startsWith(u'▲'))
        m_note_timer->stop();
    else
        m_note_timer->start(read_ms);
}

// ---- place and layout --------------------------------------------------------------------------

QJsonObject LiveView::place() const {
    QJsonObject place;
    place[QStringLiteral("tab")] = m_detail->tabs()->currentIndex();
    if (const auto selected = selectedPlace()) {
        place[QStringLiteral("topic")] = QString::fromStdString(selected->topic);
        place[QStringLiteral("partition")] = selected->partition->value();
        place[QStringLiteral("offset")] =
            QString::number(selected->offset->value()); // exact beyond 2^53
    }
    return place;
}

void LiveView::goTo(const QJsonObject& place) {
    const int tab = place[QStringLiteral("tab")].toInt();
    if (tab >= DetailPane::Tree && tab <= DetailPane::Decoding)
        m_detail->setTab(static_cast<DetailPane::Tab>(tab));
    if (place.contains(QStringLiteral("filter")))
        m_bar->apply(place[QStringLiteral("filter")].toString());
    bool known = false;
    const qint64 offset = place[QStringLiteral("offset")].toString().toLongLong(&known);
    if (!known)
        return;
    JumpTarget target;
    target.offset = Offset(offset);
    target.partition = PartitionId(place[QStringLiteral("partition")].toInt());
    target.topic = place[QStringLiteral("topic")].toString().toStdString();
    jumpTo(target);
}

QJsonObject LiveView::layoutState() const {
    QJsonObject state;
    state[QStringLiteral("table")] = m_table->columnState();
    state[QStringLiteral("splitter")] = QString::fromLatin1(m_splitter->saveState().toBase64());
    return state;
}

void LiveView::restoreLayout(const QJsonObject& state) {
    m_table->restoreColumnState(state[QStringLiteral("table")].toObject());
    const QByteArray splitter =
        QByteArray::fromBase64(state[QStringLiteral("splitter")].toString().toLatin1());
    if (!splitter.isEmpty())
        m_splitter->restoreState(splitter);
}

QWidget* LiveView::firstFocus() {
    return m_table->rowCount() > 0 ? static_cast<QWidget*>(m_table) : m_bar->edit();
}

/// That there is nothing is to be seen too, once all there is has been read and looked at.
bool LiveView::hasContent() const {
    if (m_table->rowCount() > 0 || !m_live)
        return m_table->rowCount() > 0;
    std::uint64_t read = 0;
    for (const auto& lane : m_source->snapshots())
        read += lane->rows_absorbed;
    const auto snapshot = m_live->snapshot();
    return m_source->status().caught_up && snapshot->arrived == read && !snapshot->scanning &&
           snapshot->matched() == 0;
}

} // namespace weir
