// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/live/detail_pane.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QMenu>
#include <QStackedWidget>
#include <QStyledItemDelegate>
#include <QTabBar>
#include <QTableView>
#include <QToolButton>
#include <QTreeView>

#include "models/event/filter/json_path.h"
#include "models/live/headers_model.h"
#include "models/live/json_tree_model.h"
#include "models/live/printable.h"
#include "widgets/common/controls.h"
#include "widgets/common/copy.h"
#include "widgets/common/number_text.h"
#include "widgets/live/byte_view.h"
#include "widgets/live/json_delegate.h"
#include "widgets/live/tree_more_line.h"
#include "widgets/live/violation_list.h"

namespace weir {

namespace {

QString one_line(const std::string& text, std::size_t most = 200) {
    return QString::fromStdString(printable(text, most));
}

constexpr std::size_t key_bytes_shown = 400; // most of them in the tooltip

/// What is null is said, and does not look like a text that says so.
class HeaderDelegate : public QStyledItemDelegate {
  public:
    using QStyledItemDelegate::QStyledItemDelegate;

  protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override {
        QStyledItemDelegate::initStyleOption(option, index);
        if (index.column() != HeadersModel::Value || !index.data(HeadersModel::NullRole).toBool())
            return;
        option->font = Theme::ui_font(12);
        option->font.setItalic(true);
        option->palette.setColor(QPalette::Text, Theme::color(Token::Muted));
    }
};

void copy(const QString& text) {
    copy_text(text);
}

} // namespace

DetailPane::DetailPane(QWidget* parent)
    : QWidget(parent)
    , m_title(new TextLabel({}, TextRole::Strong, this))
    , m_subtitle(new TextLabel({}, TextRole::Muted, this))
    , m_times(new TextLabel({}, TextRole::Muted, this))
    , m_key(new TextLabel({}, TextRole::Muted, this))
    , m_no_id(new TextLabel(
          tr("No event id: known by its coordinates; repeats and latency cannot be told."),
          TextRole::Muted, this))
    , m_trouble(new TextLabel({}, TextRole::Body, this))
    , m_masked(new TextLabel({}, TextRole::Muted, this))
    , m_violations(new ViolationList(this))
    , m_tabs(new QTabBar(this))
    , m_pages(new QStackedWidget(this))
    , m_tree(new QTreeView(m_pages))
    , m_tree_model(new JsonTreeModel(this))
    , m_no_tree(new TextLabel({}, TextRole::Muted))
    , m_tree_page(new QStackedWidget(m_pages))
    , m_tree_and_more(new QWidget(m_tree_page))
    , m_raw(new ByteView(ByteView::Mode::Text, m_pages))
    , m_hex(new ByteView(ByteView::Mode::Hex, m_pages))
    , m_headers_page(new QStackedWidget(m_pages))
    , m_no_headers(new TextLabel({}, TextRole::Muted))
    , m_headers(new QTableView(m_headers_page))
    , m_headers_model(new HeadersModel(this))
    , m_decoding(new TextLabel({}, TextRole::Body)) {
    setAccessibleName(tr("Details of the event"));
    m_tabs->setDrawBase(false);
    m_tabs->setExpanding(false);
    m_tabs->setUsesScrollButtons(false);
    m_tabs->setElideMode(Qt::ElideNone);
    m_tabs->setAccessibleName(tr("Ways to look at the event"));
    for (const QString& name : {tr("Tree"), tr("Raw"), tr("Hex"), tr("Headers"), tr("Decoding")})
        m_tabs->addTab(name);

    setUpPages();
    m_pages->addWidget(m_tree_page);
    m_pages->addWidget(m_raw);
    m_pages->addWidget(m_hex);
    m_pages->addWidget(m_headers_page);
    m_pages->addWidget(m_decoding);
    connect(m_tabs, &QTabBar::currentChanged, this, [this](int tab) {
        m_pages->setCurrentIndex(tab);
        m_wanted_tab = static_cast<Tab>(tab);
    });

    QToolButton* const close = icon_button(Icon::Close, tr("Close the details"), this);
    connect(close, &QToolButton::clicked, this, &DetailPane::closeWanted);
    QToolButton* const copy_button = drop_button(tr("Copy"), tr("Copy the event"), this);
    copy_button->setPopupMode(QToolButton::InstantPopup);
    copy_button->setMenu(new QMenu(copy_button));
    copyMenu(copy_button->menu());
    constexpr int subtitle_width_least = 130; // beside a long name of an event's type
    m_title->setElided();
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_subtitle->setElided();
    m_subtitle->setMinimumWidth(subtitle_width_least);

    auto* const head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title);
    head->addWidget(m_subtitle, 1);
    head->addWidget(close);
    auto* const foot = new QHBoxLayout;
    foot->addWidget(copy_button);
    foot->addStretch(1);
    m_times->setWordWrap(true);
    m_key->setElided();
    m_no_id->setWordWrap(true);
    m_trouble->setWordWrap(true);
    m_trouble->setTone(Token::Red);
    m_masked->setWordWrap(true);
    auto* const all = new QVBoxLayout(this);
    all->setContentsMargins(12, 8, 12, 12);
    all->setSpacing(4);
    all->addLayout(head);
    all->addWidget(m_times);
    all->addWidget(m_key);
    all->addWidget(m_no_id);
    all->addWidget(m_trouble);
    all->addWidget(m_masked);
    all->addWidget(m_violations);
    all->addWidget(m_tabs);
    all->addWidget(m_pages, 1);
    all->addLayout(foot);
    connect(m_violations, &ViolationList::memberWanted, this, &DetailPane::showMember);
    setDetail(nullptr);
}

void DetailPane::showMember(const QString& pointer) {
    const QModelIndex member = m_tree_model->indexOf(pointer);
    if (!member.isValid())
        return;
    setTab(Tree);
    for (QModelIndex around = member.parent(); around.isValid(); around = around.parent())
        m_tree->expand(around);
    m_tree->setCurrentIndex(member);
    m_tree->scrollTo(member, QAbstractItemView::PositionAtCenter);
}

void DetailPane::setUpPages() {
    m_tree->setModel(m_tree_model);
    m_tree->setItemDelegate(new JsonDelegate(m_tree));
    m_tree->setHeaderHidden(true);
    m_tree->setUniformRowHeights(true);
    m_tree->setFrameShape(QFrame::NoFrame);
    m_tree->setIndentation(14);
    m_tree->setAccessibleName(tr("JSON of the event"));
    m_tree->setContextMenuPolicy(Qt::CustomContextMenu);
    connect(m_tree, &QTreeView::customContextMenuRequested, this, &DetailPane::treeMenu);
    for (TextLabel* none : {m_no_tree, m_no_headers}) {
        none->setWordWrap(true);
        none->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    }
    auto* const tree_column = new QVBoxLayout(m_tree_and_more);
    tree_column->setContentsMargins(0, 0, 0, 0);
    tree_column->setSpacing(0);
    tree_column->addWidget(m_tree, 1);
    tree_column->addWidget(new TreeMoreLine(m_tree, m_tree_model, m_tree_and_more));
    m_tree_page->addWidget(m_tree_and_more);
    m_tree_page->addWidget(m_no_tree);

    m_headers->setModel(m_headers_model);
    m_headers->setItemDelegate(new HeaderDelegate(m_headers));
    m_headers->setFrameShape(QFrame::NoFrame);
    m_headers->setShowGrid(false);
    m_headers->setFont(Theme::mono_font(12));
    m_headers->setAccessibleName(tr("Headers of the record"));
    m_headers->verticalHeader()->hide();
    m_headers->verticalHeader()->setDefaultSectionSize(Theme::row_height);
    m_headers->horizontalHeader()->setSectionResizeMode(HeadersModel::Value, QHeaderView::Stretch);
    m_headers->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_headers_page->addWidget(m_headers);
    m_headers_page->addWidget(m_no_headers);
    m_decoding->setWordWrap(true);
    m_decoding->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    m_decoding->setTextInteractionFlags(Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
}

DetailPane::~DetailPane() = default;

void DetailPane::setClock(const ZoneClock& clock) {
    m_clock = clock;
    fillTimes();
}

void DetailPane::setTab(Tab tab) {
    m_tabs->setCurrentIndex(tab);
}

void DetailPane::setLoading() {
    m_subtitle->setText(tr("opening…"));
}

void DetailPane::setDetail(std::shared_ptr<const EventDetail> detail) {
    m_detail = std::move(detail);
    m_tree_model->setDetail(m_detail);
    m_headers_model->setDetail(m_detail);
    m_violations->setDetail(m_detail);
    m_raw->setDetail(m_detail);
    m_hex->setDetail(m_detail);
    fillTitle();
    fillTimes();
    fillHeaders();
    fillDecoding();
    expandUsual();
    showWantedTab();
}

/// Text has no tree: it is shown as it is, until there is an event again that has one.
void DetailPane::showWantedTab() {
    const Tab wanted = m_wanted_tab;
    const bool is_text = m_detail && !m_detail->is_json && !m_detail->value_null;
    m_tabs->setCurrentIndex(wanted == Tree && is_text ? Raw : wanted);
    m_wanted_tab = wanted;
}

void DetailPane::fillTitle() {
    m_trouble->hide();
    m_no_id->setVisible(m_detail && m_detail->key_source == KeySource::Coordinates);
    m_masked->setVisible(m_detail && m_detail->is_masked);
    m_masked->setText(tr("Masked: tree, raw, hex and copies show • for what is personal."));
    if (!m_detail) {
        m_title->setText(tr("No event selected"));
        m_subtitle->setText({});
        m_tabs->setTabText(Headers, tr("Headers"));
        return;
    }
    const EventDetail& event = *m_detail;
    m_title->setText(event.type.empty() ? tr("event") : one_line(event.type, 60));
    QString decoder = QString::fromStdString(event.report.decoder());
    if (decoder.isEmpty())
        decoder = event.value_null ? tr("tombstone") : event.is_json ? tr("JSON") : tr("not JSON");
    m_subtitle->setText(bytes_text(event.events_bytes) % QStringLiteral(" · ") % decoder %
                        QStringLiteral(" · ") % one_line(event.topic) % u'/' %
                        QString::number(event.partition.value()));
    m_subtitle->setToolTip(tr("The event is %1 bytes; its record, with key and headers, %2")
                               .arg(count_text(std::uint64_t{event.events_bytes}),
                                    count_text(std::uint64_t{event.record_bytes})));
    m_tabs->setTabText(Headers, event.headers.empty() ? tr("Headers")
                                                      : tr("Headers %1").arg(event.headers.size()));
    const bool told = event.violations.size() == 1 && // the list says the same, and more
                      event.reason == to_word(event.violations.front().reason);
    if (!event.reason.empty() && !told) {
        m_trouble->setText(QStringLiteral("▲ ") % one_line(event.reason, 400));
        m_trouble->show();
    }
}

void DetailPane::fillTimes() {
    if (!m_detail) {
        m_times->setText({});
        m_key->hide();
        return;
    }
    const EventDetail& event = *m_detail;
    QStringList parts;
    parts.append(tr("offset %1").arg(count_text(std::int64_t{event.offset.value()})));
    if (event.timestamp_type != TimestampType::None)
        parts.append((event.timestamp_type == TimestampType::LogAppendTime ? tr("appended %1")
                                                                           : tr("record %1"))
                         .arg(m_clock.date_time(event.record_time.value())));
    if (event.event_time_us != no_time)
        parts.append(tr("event %1").arg(besideRecord(event.event_time_us)));
    if (event.received_time_us != no_time)
        parts.append(tr("received %1").arg(besideRecord(event.received_time_us)));
    if (event.judged && event.violations.empty())
        parts.append(tr("✓ meets its contract"));
    m_times->setText(parts.join(QStringLiteral(" · ")));
    m_key->setText(tr("key %1").arg(one_line(event.key, key_bytes_shown)));
    m_key->setVisible(!event.key_null);
}

/// With its day, unless that is the record's, which stands before it.
QString DetailPane::besideRecord(std::int64_t us) const {
    const QString whole = m_clock.date_time(us);
    if (m_detail->timestamp_type == TimestampType::None)
        return whole;
    const QString day = m_clock.date_time(m_detail->record_time.value()).section(u' ', 0, 0);
    return whole.section(u' ', 0, 0) == day ? m_clock.time(us) : whole;
}

void DetailPane::fillHeaders() {
    const bool some = m_detail && !m_detail->headers.empty();
    m_no_headers->setText(m_detail ? tr("No headers") : QString());
    m_headers_page->setCurrentWidget(some ? static_cast<QWidget*>(m_headers) : m_no_headers);
}

void DetailPane::fillDecoding() {
    if (!m_detail) {
        m_decoding->setText({});
        m_no_tree->setText(tr("Choose a row to see what is in it."));
        m_tree_page->setCurrentWidget(m_no_tree);
        return;
    }
    QStringList lines;
    for (const DecodeReport::Attempt& attempt : m_detail->report.attempts) {
        const QString decoder = QString::fromStdString(attempt.decoder);
        lines.append(attempt.why_not.empty()
                         ? tr("✓ %1: read it").arg(decoder)
                         : tr("✗ %1: %2").arg(decoder, one_line(attempt.why_not, 400)));
    }
    if (m_detail->is_masked)
        lines.append(tr("Parts of it are masked: what is shown, searched and copied is the masked "
                        "form."));
    if (lines.isEmpty())
        lines.append(tr("Nothing is known of how it was decoded."));
    m_decoding->setText(lines.join(u'\n'));
    m_tree_page->setCurrentWidget(m_detail->is_json ? m_tree_and_more : m_no_tree);
    if (m_detail->value_null)
        m_no_tree->setText(tr("The record has no value: a tombstone. It deletes what had this key "
                              "from a compacted topic."));
    else if (!m_detail->is_json) {
        const QString why =
            heading_text(QString::fromStdString(unread_json_text(m_detail->json_error.what)));
        m_no_tree->setText((m_detail->is_masked
                                ? tr("%1 at byte %2 of the event as it was read. What nobody can "
                                     "read is masked, in Raw and Hex too.")
                                : tr("%1 at byte %2. Raw and Hex show the bytes as they are."))
                               .arg(why)
                               .arg(m_detail->json_error.offset));
    }
}

/// The root, and the objects in it that are small enough to be read at a glance.
void DetailPane::expandUsual() {
    constexpr int small = 30;
    const QModelIndex root = m_tree_model->index(0, 0);
    if (!root.isValid())
        return;
    m_tree->expand(root);
    if (m_tree_model->canFetchMore(root))
        m_tree_model->fetchMore(root);
    const int rows = m_tree_model->rowCount(root);
    for (int row = 0; row < rows && rows <= 100; ++row) {
        const QModelIndex child = m_tree_model->index(row, 0, root);
        if (!m_tree_model->hasChildren(child))
            continue;
        if (m_tree_model->canFetchMore(child))
            m_tree_model->fetchMore(child);
        if (m_tree_model->rowCount(child) <= small)
            m_tree->expand(child);
    }
}

QString DetailPane::copyText(const QString& what) const {
    if (!m_detail)
        return {};
    const EventDetail& event = *m_detail;
    const auto bytes = [](const std::string& text) {
        return QString::fromUtf8(text.data(), static_cast<qsizetype>(text.size()));
    };
    if (what == QStringLiteral("json"))
        return bytes(event.value);
    if (what == QStringLiteral("key"))
        return bytes(event.key);
    if (what == QStringLiteral("weir") && m_command_target)
        return bytes(weir_command(m_command_target(event.connection), event.identity()));
    if (what == QStringLiteral("kcat") && m_command_target)
        return bytes(kcat_command(m_command_target(event.connection), event.identity()));
    return {};
}

void DetailPane::copyMenu(QMenu* menu) {
    const auto add = [this, menu](const QString& title, const QString& what) {
        return menu->addAction(title, this, [this, what] { copy(copyText(what)); });
    };
    m_copy_value = add({}, QStringLiteral("json"));
    m_copy_key = add({}, QStringLiteral("key"));
    connect(menu, &QMenu::aboutToShow, this, &DetailPane::nameCopies);
    nameCopies();
    menu->addSeparator();
    add(tr("Copy as weir …"), QStringLiteral("weir"));
    add(tr("Copy as kcat …"), QStringLiteral("kcat"));
}

void DetailPane::nameCopies() {
    m_copy_value->setText(m_detail && m_detail->value_masked ? tr("Value, masked")
                                                             : tr("Value as it is"));
    m_copy_key->setText(m_detail && m_detail->key_masked ? tr("Key, masked") : tr("Key"));
}

void DetailPane::treeMenu(const QPoint& at) {
    const QModelIndex index = m_tree->indexAt(at);
    if (!index.isValid())
        return;
    const QString raw = index.data(JsonTreeModel::RawRole).toString();
    const QString path = index.data(JsonTreeModel::PathRole).toString();
    const auto kind = static_cast<JsonKind>(index.data(JsonTreeModel::KindRole).toInt());
    const bool leaf = kind != JsonKind::Object && kind != JsonKind::Array;
    const bool masked = !index.data(JsonTreeModel::MaskedRole).toString().isEmpty();
    QString value = raw;
    if (kind == JsonKind::String) {
        std::string text;
        append_unescaped(raw.toStdString(), text);
        value = QString::fromStdString(filter_quoted(text));
    }
    QMenu menu(this);
    menu.addAction(tr("Copy value"), this, [raw] { copy(raw); });
    menu.addAction(tr("Copy path"), this, [path] { copy(path); });
    if (!path.isEmpty()) {
        menu.addSeparator();
        menu.addAction(tr("Add as a column"), this, [this, path] { Q_EMIT columnWanted(path); });
    }
    if (leaf && !masked && !path.isEmpty() && value.size() < 1000) {
        const QString field = QStringLiteral("$.") % path;
        menu.addAction(tr("Show only events with this value"), this, [this, field, value] {
            Q_EMIT termWanted(field % QStringLiteral(" == ") % value);
        });
        menu.addAction(tr("Hide events with this value"), this, [this, field, value] {
            Q_EMIT termWanted(QStringLiteral("not ") % field % QStringLiteral(" == ") % value);
        });
    }
    menu.exec(m_tree->viewport()->mapToGlobal(at));
}

} // namespace weir
