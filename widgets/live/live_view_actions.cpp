// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// Commands and menus of the Live view: columns, copy, export, filter by what is under the cursor.
#include <QFileDialog>
#include <QHeaderView>
#include <QInputDialog>
#include <QJsonObject>
#include <QMenu>
#include <QToolButton>

#include <algorithm>
#include <set>

#include "models/event/disclosure/disclosed_input.h"
#include "models/event/filter/json_path.h"
#include "models/event/filter/path_names.h"
#include "models/live/printable.h"
#include "models/live/record_text.h"
#include "widgets/common/copy.h"
#include "widgets/common/number_text.h"
#include "widgets/live/column_model.h"
#include "widgets/live/detail_pane.h"
#include "widgets/live/filter_bar.h"
#include "widgets/live/filter_store.h"
#include "widgets/live/live_table.h"
#include "widgets/live/live_view.h"

namespace weir {

namespace {

QString quoted(const QString& text) {
    return QString::fromStdString(filter_quoted(text.toStdString()));
}

/// True of events in which the field is missing.
QString missing_term(const QString& field) {
    return QStringLiteral("not ") % field % QStringLiteral(" exists");
}

} // namespace

void LiveView::makeCommands() {
    const auto add = [this](const QString& text, const QKeySequence& keys, auto run) {
        auto* const action = new QAction(text, this);
        action->setShortcut(keys);
        // Also while the keyboard is in the window's top bar; a view that is not shown has none.
        action->setShortcutContext(Qt::WindowShortcut);
        connect(action, &QAction::triggered, this, run);
        addAction(action);
        m_commands.append(action);
        return action;
    };
    add(tr("Live: edit the filter"), QKeySequence(Qt::CTRL | Qt::Key_L),
        [this] { m_bar->edit()->setFocus(Qt::ShortcutFocusReason); });
    add(tr("Live: pause or follow"), QKeySequence(Qt::CTRL | Qt::Key_P),
        [this] { isPaused() ? resume() : pause(); });
    add(tr("Live: jump to a time or an offset"), QKeySequence(Qt::CTRL | Qt::Key_G),
        [this] { m_jump_button->click(); });
    add(tr("Live: add a column"), {}, [this] { askColumn(); });
    QAction* const csv =
        add(tr("Live: export as CSV…"), {}, [this] { askExport(ExportFormat::Csv); });
    QAction* const json = add(tr("Live: export as NDJSON…"), QKeySequence(Qt::CTRL | Qt::Key_E),
                              [this] { askExport(ExportFormat::Ndjson); });
    QAction* const tokens = add(tr("Live: export as NDJSON, tokens for personal data…"), {},
                                [this] { askExport(ExportFormat::Ndjson, true); });
    m_failures_action =
        add(tr("Live: failures alone"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_B),
            [this] { showFailures(!showingFailures()); });
    add(tr("Live: passed, but violating their contracts"), {},
        [this] { m_bar->addTerm(QStringLiteral("violation exists and outcome == \"seen\"")); });
    add(tr("Live: clear the filter"), {}, [this] { m_bar->apply({}); });
    add(tr("Live: copy as JSON"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_C),
        [this] { copy(QStringLiteral("json")); });
    add(tr("Live: copy as weir …"), {}, [this] { copy(QStringLiteral("weir")); });
    add(tr("Live: copy as kcat …"), {}, [this] { copy(QStringLiteral("kcat")); });
    add(tr("Live: contract of the event"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_K),
        [this] { openContract(); });
    add(tr("Live: search the topic…"), QKeySequence(Qt::CTRL | Qt::SHIFT | Qt::Key_F),
        [this] { askSearch(); });

    auto* const columns = new QMenu(m_columns_button);
    connect(columns, &QMenu::aboutToShow, this, [this, columns] { fillColumnsMenu(columns); });
    m_columns_button->setMenu(columns);
    auto* const exports = new QMenu(m_export_button);
    exports->addAction(csv);
    exports->addAction(json);
    exports->addAction(tokens);
    connect(exports, &QMenu::aboutToShow, tokens,
            [this, tokens] { tokens->setEnabled(static_cast<bool>(m_source->tokenised())); });
    m_export_button->setMenu(exports);
}

QList<PaletteEntry> LiveView::paletteEntries() const {
    QList<PaletteEntry> entries;
    FilterBar* const bar = m_bar;
    for (const FilterStore::Saved& saved : FilterStore::saved()) {
        const QString text = saved.text;
        entries.append({saved.name, tr("Saved filter"), [bar, text] { bar->apply(text); }});
    }
    for (const ColumnSpec& column : m_table->visibleColumns()) {
        const QString name = ColumnModel::fullTitle(column);
        for (const bool descending : {false, true})
            entries.append({descending ? tr("Sort by %1, descending").arg(name)
                                       : tr("Sort by %1, ascending").arg(name),
                            title(), [this, column, descending] {
                                const_cast<LiveView*>(this)->sortBy(SortSpec{column, descending});
                            }});
    }
    for (const QString& topic : m_source->topics())
        entries.append({topic, tr("Topic"),
                        [bar, topic] { bar->apply(QStringLiteral("topic == ") % quoted(topic)); }});
    return entries;
}

bool LiveView::findEvent(const QString& id) {
    m_bar->apply(QStringLiteral("id == ") % quoted(id));
    m_find = m_filter_token;
    return true;
}

// ---- columns -----------------------------------------------------------------------------------

std::vector<ColumnSpec> LiveView::usualColumns() const {
    return default_columns(m_source->vocabulary()->dimension_names,
                           m_source->connections().size() > 1);
}

void LiveView::fillColumnsMenu(QMenu* menu) {
    menu->clear();
    QHeaderView* const header = m_table->header();
    for (int i = 0; i < header->count(); ++i) {
        const ColumnSpec column = m_table->columns()[static_cast<std::size_t>(i)];
        QAction* const action = menu->addAction(ColumnModel::fullTitle(column));
        action->setCheckable(true);
        action->setChecked(!header->isSectionHidden(i));
        connect(action, &QAction::toggled, this,
                [this, i](bool shown) { m_table->setColumnShown(i, shown); });
    }
    menu->addSeparator();
    fillSortMenu(menu->addMenu(tr("Sort by")));
    menu->addAction(tr("Add a column…"), this, &LiveView::askColumn);
    menu->addAction(tr("The usual columns"), this,
                    [this] { m_table->resetColumns(usualColumns()); });
}

void LiveView::headerMenu(const QPoint& at, int column) {
    QMenu menu(this);
    if (column >= 0) {
        const ColumnSpec by = m_table->columns()[static_cast<std::size_t>(column)];
        menu.addAction(tr("Sort ascending"), this, [this, by] { sortBy(SortSpec{by, false}); });
        menu.addAction(tr("Sort descending"), this, [this, by] { sortBy(SortSpec{by, true}); });
        if (sorting())
            menu.addAction(tr("As they came"), this, [this] { sortBy(std::nullopt); });
        menu.addSeparator();
        menu.addAction(tr("Hide this column"), this,
                       [this, column] { m_table->setColumnShown(column, false); });
        menu.addSeparator();
    }
    QMenu* const all = menu.addMenu(tr("Columns"));
    fillColumnsMenu(all);
    menu.exec(at);
}

void LiveView::askColumn() {
    const FilterSeen offered = seen();
    QStringList fields;
    for (const std::string& path : offered.paths)
        fields.append(QString::fromStdString(path));
    for (const std::string& header : offered.headers)
        fields.append(QStringLiteral("header[") % QString::fromStdString(filter_quoted(header)) %
                      u']');
    auto* const dialog = new QInputDialog(this);
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setWindowTitle(tr("Add a column"));
    dialog->setLabelText(tr("A field, a path such as properties.price, or header[\"x-app\"]:"));
    dialog->setComboBoxItems(fields);
    dialog->setComboBoxEditable(true);
    connect(dialog, &QInputDialog::textValueSelected, this, &LiveView::addColumn);
    dialog->open();
}

void LiveView::addColumn(const QString& text) {
    const auto parsed =
        ColumnSpec::parse(text.trimmed().toStdString(), m_source->vocabulary()->dimension_names);
    if (!parsed) {
        note(QString::fromStdString(parsed.error().text()));
        return;
    }
    m_table->addColumn(*parsed);
}

// ---- filter by what was seen -------------------------------------------------------------------

/// Paths and headers of the rows on top, and the values of dimensions that are not masked.
FilterSeen LiveView::seen() const {
    FilterSeen all;
    all.vocabulary = m_source->vocabulary();
    for (const QString& topic : m_source->topics())
        all.topics.push_back(topic.toStdString());
    all.violations = violation_reasons();
    all.masked = [policy = m_source->disclosure()](const std::string& field,
                                                   const std::string& value) {
        return !policy->verdict(field, value).empty();
    };
    const auto snapshot = m_table->snapshot();
    if (!snapshot || !all.vocabulary)
        return all;
    constexpr std::uint64_t rows_max = 40;
    constexpr std::size_t bytes_max = 16u << 10;
    std::set<std::string> paths;
    std::set<std::string> headers;
    RowReader reader(all.vocabulary, m_source->disclosure(), RowReader::Style::Whole);
    JsonTape tape;
    for (std::uint64_t i = 0; i < std::min(rows_max, snapshot->matched()); ++i) {
        const RowRef ref = snapshot->rows.at(snapshot->matched() - 1 - i);
        const auto& segment = snapshot->segment(ref);
        if (!segment || segment->row(ref.row).body_size > bytes_max)
            continue;
        const DisclosedRecord record = reader.disclose_event(*segment, ref.row);
        for (const HeaderView& header : record.headers())
            headers.emplace(header.name);
        if (tape.parse(record.value()))
            collect_path_names(tape, paths);
    }
    all.paths.assign(paths.begin(), paths.end());
    all.headers.assign(headers.begin(), headers.end());
    return all;
}

/// A term that is true of the current row's cell; empty: there is none.
QString LiveView::filterTerm(const ColumnSpec& column) const {
    const auto ref = m_table->currentRef();
    const auto& segment = ref ? m_table->snapshot()->segment(*ref) : nullptr;
    if (!segment)
        return {};
    const StoredRow& row = segment->row(ref->row);
    const auto& words = *m_source->vocabulary();
    const auto masked = [this](const std::string& name, const std::string& text) {
        return !m_source->disclosure()->verdict(name, text).empty();
    };
    switch (column.kind) {
    case ColumnSpec::Kind::Topic:
        return QStringLiteral("topic == ") %
               quoted(QString::fromStdString(words.places->name(PlaceId(row.place))));
    case ColumnSpec::Kind::Partition:
        return QStringLiteral("partition == %1").arg(row.partition);
    case ColumnSpec::Kind::RecordOffset:
        return QStringLiteral("offset == %1").arg(row.offset);
    case ColumnSpec::Kind::Reason: {
        const std::string reason = words.reasons->text(ValueId(row.reason));
        if (masked("reason", reason))
            return {};
        return QStringLiteral("reason == ") % quoted(QString::fromStdString(reason));
    }
    case ColumnSpec::Kind::Dimension: {
        const int dimension = words.dimension(column.name);
        if (dimension < 0)
            return {};
        const auto at = static_cast<std::size_t>(dimension);
        if (masked(column.name, words.dimensions[at]->text(ValueId(row.dimensions[at]))))
            return {};
        RowReader reader(m_source->vocabulary(), m_source->disclosure(), RowReader::Style::Whole,
                         m_source->decoders()());
        reader.set_columns({column});
        const TableRow cell = reader.read(*segment, ref->row);
        const std::string& value = cell.cells.front();
        const QString field = QString::fromStdString(column.name);
        if (cell.states.front() == CellState::Missing)
            return missing_term(field);
        if (cell.states.front() == CellState::Null)
            return field % QStringLiteral(" == null");
        // An object is no text that another could equal, and has no number.
        const bool is = ValueId(row.dimensions[at]) != no_value ||
                        (!value.starts_with('{') && !value.starts_with('['));
        return field % (is ? QStringLiteral(" == ") : QStringLiteral(" contains ")) %
               quoted(QString::fromStdString(value));
    }
    case ColumnSpec::Kind::Key: {
        RowReader reader(m_source->vocabulary(), m_source->disclosure(), RowReader::Style::Whole);
        const DisclosedRecord record = reader.disclose(*segment, ref->row);
        if (record.key_null() || record.is_masked())
            return {};
        return QStringLiteral("key == ") %
               quoted(QString::fromStdString(std::string(record.key())));
    }
    default:
        return {};
    }
}

/// Entries that narrow by what the current row's cell says, or by that it says nothing.
void LiveView::addTerms(QMenu* menu, const ColumnSpec& column) {
    const QString term = filterTerm(column);
    if (term.isEmpty())
        return;
    const auto add = [this, menu](const QString& title, const QString& filter) {
        menu->addAction(title, this, [this, filter] { m_bar->addTerm(filter); });
    };
    if (const QString field = QString::fromStdString(column.name); term == missing_term(field)) {
        const QString name = QString(field).replace(u'_', u' ');
        add(tr("Only events without: %1").arg(name), term);
        add(tr("Only events with: %1").arg(name), field % QStringLiteral(" exists"));
    } else {
        const QString shown = QString(term).replace(u'&', QStringLiteral("&&")).left(80);
        add(tr("Only %1").arg(shown), term);
        add(tr("Not %1").arg(shown), QStringLiteral("not ") % term);
    }
    menu->addSeparator();
}

void LiveView::rowMenu(const QPoint& at, const ColumnSpec& column) {
    QMenu menu(this);
    addTerms(&menu, column);
    const auto copies = [&](const QString& title, const char* what) {
        const QString name = QString::fromLatin1(what);
        menu.addAction(title, this, [this, name, column] { copy(name, column); });
    };
    const bool many = m_table->selection().count() > 1;
    if (!many)
        copies(tr("Copy cell"), "cell");
    copies(many ? tr("Copy rows") : tr("Copy row"), "rows");
    copies(tr("Copy as JSON"), "json");
    if (!many) {
        copies(tr("Copy as weir …"), "weir");
        copies(tr("Copy as kcat …"), "kcat");
    }
    menu.addSeparator();
    menu.addAction(tr("Contract of the event"), this, &LiveView::openContract)
        ->setEnabled(!contractPlace().isEmpty());
    menu.addSeparator();
    menu.addAction(tr("Export as CSV…"), this, [this] { askExport(ExportFormat::Csv); });
    menu.addAction(tr("Export as NDJSON…"), this, [this] { askExport(ExportFormat::Ndjson); });
    menu.exec(at);
}

/// Where the Catalogue shows the current row's contract; empty: its type is not told.
QJsonObject LiveView::contractPlace() const {
    const auto ref = m_table->currentRef();
    const auto& segment = ref ? m_table->snapshot()->segment(*ref) : nullptr;
    if (!segment)
        return {};
    const StoredRow& row = segment->row(ref->row);
    const auto word = [&](const char* name) {
        const int dimension = m_source->vocabulary()->dimension(name);
        if (dimension < 0)
            return QString();
        const auto at = static_cast<std::size_t>(dimension);
        return QString::fromStdString(disclosed_text(
            *m_source->disclosure(), name,
            m_source->vocabulary()->dimensions[at]->text(ValueId(row.dimensions[at]))));
    };
    const QString type = word("type");
    if (type.isEmpty())
        return {};
    return {{QStringLiteral("type"), type}, {QStringLiteral("version"), word("schema_version")}};
}

void LiveView::openContract() {
    const QJsonObject place = contractPlace();
    if (!place.isEmpty())
        Q_EMIT openRequested(QStringLiteral("catalogue"), place);
    else
        note(tr("Choose an event that says its type"));
}

// ---- copy and export ---------------------------------------------------------------------------

QString LiveView::selectedJson() const {
    RowReader reader(m_source->vocabulary(), m_source->disclosure(), RowReader::Style::Whole);
    std::string out;
    constexpr std::size_t bytes_max = 64u << 20;
    for (const RowSelection::Range& range : m_table->selection().ranges()) {
        for (std::uint64_t row = range.first; row <= range.last; ++row) {
            const RowRef ref = m_table->refAt(row);
            const auto& segment = m_table->snapshot()->segment(ref);
            if (!segment || out.size() > bytes_max)
                continue;
            const StoredRow& stored = segment->row(ref.row);
            const std::string topic = m_source->vocabulary()->places->name(PlaceId(stored.place));
            append_row_json(*segment, ref.row, topic, reader.disclose(*segment, ref.row), out);
            out += '\n';
        }
    }
    return QString::fromStdString(out);
}

/// The cells as they are, not cut and not grouped; tabs between, a line each.
QString LiveView::selectedCells(std::vector<ColumnSpec> columns) const {
    RowReader reader(m_source->vocabulary(), m_source->disclosure(), RowReader::Style::Whole);
    const bool one = columns.size() == 1;
    reader.set_columns(std::move(columns));
    std::string out;
    for (const RowSelection::Range& range : m_table->selection().ranges()) {
        for (std::uint64_t row = range.first; row <= range.last; ++row) {
            const RowRef ref = m_table->refAt(row);
            const auto& segment = m_table->snapshot()->segment(ref);
            if (!segment)
                continue;
            const TableRow cells = reader.read(*segment, ref.row);
            for (std::size_t i = 0; i < cells.cells.size(); ++i) {
                const bool time = reader.columns()[i].kind == ColumnSpec::Kind::Time;
                const std::string text = time ? rfc3339(Micros(cells.time_us)) : cells.cells[i];
                out += i > 0 ? "\t" : "";
                // A tab or a line break within a cell would make more of it than it is.
                out += one ? text : printable(text, text.size() + 1);
            }
            out += '\n';
        }
    }
    return QString::fromStdString(out);
}

/// That prints the current row's record; empty: there is none.
QString LiveView::currentCommand(bool kcat) const {
    const auto ref = m_table->currentRef();
    const auto& segment = ref ? m_table->snapshot()->segment(*ref) : nullptr;
    if (!segment)
        return {};
    const StoredRow& row = segment->row(ref->row);
    const PlaceTable& places = *m_source->vocabulary()->places;
    const std::string topic = places.name(PlaceId(row.place));
    const CommandTarget target = m_source->commandTarget(places.connection(PlaceId(row.place)));
    const RecordIdentity identity = identity_of(row, topic);
    return QString::fromStdString(kcat ? kcat_command(target, identity)
                                       : weir_command(target, identity));
}

void LiveView::copy(const QString& what, const ColumnSpec& column) {
    const std::uint64_t rows = m_table->selection().count();
    if (rows == 0) {
        note(tr("Choose a row to copy"));
        return;
    }
    if (rows > copy_rows_max) {
        note(tr("%1 rows are too many for the clipboard: export them").arg(count_text(rows)));
        return;
    }
    QString text;
    if (what == QStringLiteral("cell")) {
        text = selectedCells({column});
        text.chop(1);
    } else if (what == QStringLiteral("json")) {
        text = selectedJson();
    } else if (what == QStringLiteral("weir") || what == QStringLiteral("kcat")) {
        text = currentCommand(what == QStringLiteral("kcat"));
    } else {
        text = selectedCells(m_table->chosenColumns());
    }
    if (text.isEmpty())
        return;
    copy_text(text);
    note(rows > 1 ? tr("%1 rows copied").arg(count_text(rows)) : tr("Copied"));
}

void LiveView::askExport(ExportFormat format, bool tokens) {
    if (tokens && !m_source->tokenised()) {
        note(tr("The workspace names no key to make tokens with: masking/token_key"));
        return;
    }
    const bool csv = format == ExportFormat::Csv;
    auto* const dialog = new QFileDialog(this, csv ? tr("Export as CSV") : tr("Export as NDJSON"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(csv ? QStringLiteral("csv") : QStringLiteral("ndjson"));
    dialog->setNameFilters({csv ? tr("CSV (*.csv)") : tr("NDJSON (*.ndjson *.jsonl)")});
    dialog->selectFile(csv ? QStringLiteral("events.csv") : QStringLiteral("events.ndjson"));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this, format, tokens](const QString& path) { exportTo(path, format, tokens); });
    dialog->open();
}

} // namespace weir
