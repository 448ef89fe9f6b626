// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "models/catalogue/catalogue_model.h"

#include <algorithm>

#include "models/catalogue/catalogue_words.h"
#include "models/contract/contract_text.h"
#include "models/live/plain_tooltip.h"

namespace weir {

struct CatalogueModel::Row {
    QString key;
    Kind kind = Kind::Type;
    Row* above = nullptr;                      // the type's row, of a version
    const Error* problem = nullptr;            // of a Problem
    const CatalogueType* type = nullptr;       // of a Type and a Version
    const CatalogueVersion* version = nullptr; // of a Version
    Rows versions;                             // of a Type
};

namespace {

bool has_all(const QStringList& words, const std::vector<const std::string*>& texts) {
    return std::all_of(words.begin(), words.end(), [&](const QString& word) {
        return std::any_of(texts.begin(), texts.end(), [&](const std::string* text) {
            return QString::fromStdString(*text).contains(word, Qt::CaseInsensitive);
        });
    });
}

QVariant right_aligned() {
    return QVariant::fromValue(Qt::Alignment(Qt::AlignRight | Qt::AlignVCenter));
}

bool is_number(int column) {
    return column == CatalogueModel::Events || column == CatalogueModel::Fields ||
           column == CatalogueModel::Personal;
}

QVariant contract_cell(const Contract* contract, int column) {
    if (contract == nullptr)
        return {};
    switch (column) {
    case CatalogueModel::Fields:
        return QString::number(contract->fields.size());
    case CatalogueModel::Personal:
        return QString::number(personal_fields(*contract));
    case CatalogueModel::Owner:
        return shown_text(contract->owner);
    default:
        return {};
    }
}

} // namespace

CatalogueModel::CatalogueModel(QObject* parent)
    : QAbstractItemModel(parent) {}

CatalogueModel::~CatalogueModel() = default;

// ---- what there is -----------------------------------------------------------------------------

void CatalogueModel::setCatalogue(std::shared_ptr<const Catalogue> catalogue) {
    const std::shared_ptr<const Catalogue> before = std::move(m_catalogue); // rows point into it
    m_catalogue = std::move(catalogue);
    refresh();
}

void CatalogueModel::setFilter(const QString& words) {
    if (words == m_filter)
        return;
    m_filter = words;
    m_words = words.split(u' ', Qt::SkipEmptyParts);
    refresh();
}

void CatalogueModel::refresh() {
    merge({}, m_rows, wantedRows());
    if (m_rows.empty())
        return;
    Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    for (int i = 0; i < rowCount(); ++i) {
        const QModelIndex top = index(i, 0);
        if (rowCount(top) > 0)
            Q_EMIT dataChanged(index(0, 0, top), index(rowCount(top) - 1, ColumnCount - 1, top));
    }
}

CatalogueModel::Rows CatalogueModel::wantedRows() const {
    Rows rows;
    if (!m_catalogue)
        return rows;
    for (const Error& problem : m_catalogue->problems) {
        if (!matches(problem))
            continue;
        auto row = std::make_unique<Row>();
        row->key = QStringLiteral("problem\n") %
                   QString::fromStdString(problem.where + "\n" + problem.what);
        row->kind = Kind::Problem;
        row->problem = &problem;
        const bool twice = std::any_of(rows.begin(), rows.end(),
                                       [&](const auto& other) { return other->key == row->key; });
        if (!twice)
            rows.push_back(std::move(row));
    }
    for (const CatalogueType& type : m_catalogue->types) {
        if (!matches(type))
            continue;
        auto row = std::make_unique<Row>();
        row->key = typeKey(type.type);
        row->type = &type;
        for (const CatalogueVersion& version : type.versions) {
            auto child = std::make_unique<Row>();
            child->key = versionKey(type.type, version.version);
            child->kind = Kind::Version;
            child->type = &type;
            child->version = &version;
            row->versions.push_back(std::move(child));
        }
        rows.push_back(std::move(row));
    }
    return rows;
}

/// `rows` become `wanted` with the rows kept that are in both. What has changed its place among
/// the others (a type whose contract came) is taken out and put in again.
void CatalogueModel::merge(const QModelIndex& parent, Rows& rows, Rows wanted) {
    const auto at = [](const Rows& in, std::size_t from, const QString& key) {
        const auto found = std::find_if(in.begin() + static_cast<std::ptrdiff_t>(from), in.end(),
                                        [&](const auto& row) { return row->key == key; });
        return static_cast<std::size_t>(found - in.begin());
    };
    Row* const above =
        parent.isValid() ? m_rows[static_cast<std::size_t>(parent.row())].get() : nullptr;
    const auto remove = [&](std::size_t row) {
        beginRemoveRows(parent, static_cast<int>(row), static_cast<int>(row));
        rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(row));
        endRemoveRows();
    };
    for (std::size_t i = rows.size(); i-- > 0;)
        if (at(wanted, 0, rows[i]->key) == wanted.size())
            remove(i);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
        if (i < rows.size() && rows[i]->key != wanted[i]->key)
            if (const std::size_t elsewhere = at(rows, i, wanted[i]->key); elsewhere < rows.size())
                remove(elsewhere);
        if (i < rows.size() && rows[i]->key == wanted[i]->key) {
            Row& kept = *rows[i];
            kept.problem = wanted[i]->problem;
            kept.type = wanted[i]->type;
            kept.version = wanted[i]->version;
            if (kept.kind == Kind::Type)
                merge(index(static_cast<int>(i), 0), kept.versions, std::move(wanted[i]->versions));
            continue;
        }
        beginInsertRows(parent, static_cast<int>(i), static_cast<int>(i));
        wanted[i]->above = above;
        for (const auto& child : wanted[i]->versions)
            child->above = wanted[i].get();
        rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(i), std::move(wanted[i]));
        endInsertRows();
    }
}

bool CatalogueModel::matches(const Error& problem) const {
    return has_all(m_words, {&problem.what, &problem.where});
}

bool CatalogueModel::matches(const CatalogueType& type) const {
    if (m_words.isEmpty())
        return true;
    std::vector<const std::string*> texts{&type.type};
    for (const CatalogueVersion& version : type.versions) {
        if (!version.contract)
            continue;
        texts.push_back(&version.contract->owner);
        texts.push_back(&version.contract->file);
        for (const ContractField& field : version.contract->fields)
            texts.push_back(&field.pointer);
    }
    return has_all(m_words, texts);
}

// ---- finding rows ------------------------------------------------------------------------------

QString CatalogueModel::typeKey(const std::string& type) {
    return QStringLiteral("type\n") % QString::fromStdString(type);
}

QString CatalogueModel::versionKey(const std::string& type, const std::string& version) {
    return QStringLiteral("version\n") % QString::fromStdString(type + "\n" + version);
}

const CatalogueModel::Row* CatalogueModel::rowAt(const QModelIndex& index) const {
    if (!index.isValid())
        return nullptr;
    const auto row = static_cast<std::size_t>(index.row());
    const auto* const above = static_cast<const Row*>(index.internalPointer());
    const Rows& rows = above == nullptr ? m_rows : above->versions;
    return row < rows.size() ? rows[row].get() : nullptr;
}

QModelIndex CatalogueModel::indexOf(const QString& key) const {
    for (const auto& row : m_rows) {
        if (row->key == key)
            return indexOf(row.get(), 0);
        for (const auto& version : row->versions)
            if (version->key == key)
                return indexOf(version.get(), 0);
    }
    return {};
}

QModelIndex CatalogueModel::indexOf(const Row* row, int column) const {
    const Rows& rows = row->above == nullptr ? m_rows : row->above->versions;
    const auto found =
        std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.get() == row; });
    return createIndex(static_cast<int>(found - rows.begin()), column, row->above);
}

const CatalogueType* CatalogueModel::typeAt(const QModelIndex& index) const {
    const Row* const row = rowAt(index);
    return row == nullptr ? nullptr : row->type;
}

const CatalogueVersion* CatalogueModel::versionAt(const QModelIndex& index) const {
    const Row* const row = rowAt(index);
    return row == nullptr ? nullptr : row->version;
}

const Error* CatalogueModel::problemAt(const QModelIndex& index) const {
    const Row* const row = rowAt(index);
    return row == nullptr ? nullptr : row->problem;
}

QModelIndex CatalogueModel::index(int row, int column, const QModelIndex& parent) const {
    if (!hasIndex(row, column, parent))
        return {};
    return createIndex(row, column, const_cast<Row*>(rowAt(parent)));
}

QModelIndex CatalogueModel::parent(const QModelIndex& child) const {
    const auto* const above =
        child.isValid() ? static_cast<const Row*>(child.internalPointer()) : nullptr;
    return above == nullptr ? QModelIndex() : indexOf(above, 0);
}

int CatalogueModel::rowCount(const QModelIndex& parent) const {
    if (!parent.isValid())
        return static_cast<int>(m_rows.size());
    const Row* const row = parent.column() == 0 ? rowAt(parent) : nullptr;
    return row == nullptr ? 0 : static_cast<int>(row->versions.size());
}

int CatalogueModel::columnCount(const QModelIndex& /*parent*/) const {
    return ColumnCount;
}

// ---- cells -------------------------------------------------------------------------------------

QVariant CatalogueModel::data(const QModelIndex& index, int role) const {
    const Row* const row = rowAt(index);
    if (row == nullptr)
        return {};
    if (role == KindRole)
        return static_cast<int>(row->kind);
    if (role == KeyRole)
        return row->key;
    if (role == Qt::ToolTipRole)
        return plain_tooltip(index.siblingAtColumn(Name).data(Qt::AccessibleTextRole).toString());
    if (role == Qt::TextAlignmentRole && is_number(index.column()))
        return right_aligned();
    switch (row->kind) {
    case Kind::Problem:
        return problemData(*row->problem, index.column(), role);
    case Kind::Type:
        return typeData(*row->type, index.column(), role);
    case Kind::Version:
        if (role == ShadeRole)
            return index.row();
        return versionData(*row->type, *row->version, index.column(), role);
    }
    return {};
}

QVariant CatalogueModel::problemData(const Error& problem, int column, int role) const {
    const QString file = file_name(problem.where);
    if (role == AlarmRole)
        return true;
    if (role == NoteRole)
        return shown_text(problem.what);
    if (role == Qt::AccessibleTextRole && column == Name)
        return tr("Broken contract: %1").arg(shown_text(problem.text()));
    return role == Qt::DisplayRole && column == Name ? QVariant(file) : QVariant();
}

QVariant CatalogueModel::typeData(const CatalogueType& type, int column, int role) const {
    const Contract* const newest = type.newest();
    if (role == AlarmRole)
        return newest == nullptr || type_note(type).alarm;
    if (role == NoteRole)
        return type_note(type).text;
    if (role == SharesRole) {
        QVariantList shares;
        for (const CatalogueVersion& version : type.versions)
            if (type.seen.events > 0)
                shares.append(version.share);
        return shares;
    }
    if (role == Qt::AccessibleTextRole && column == Name)
        return type_sentence(type);
    if (role != Qt::DisplayRole)
        return {};
    if (column == Name)
        return typeText(type.type);
    if (column == Events)
        return seen_text(type.seen);
    return contract_cell(newest, column);
}

QVariant CatalogueModel::versionData(const CatalogueType& type, const CatalogueVersion& version,
                                     int column, int role) const {
    if (role == AlarmRole)
        return version_alarms(version);
    if (role == NoteRole)
        return version.standing == Standing::Current ? QString() : standingText(version.standing);
    if (role == SharesRole)
        return version.share < 0 ? QVariantList() : QVariantList{version.share};
    if (role == Qt::AccessibleTextRole && column == Name)
        return version_sentence(type, version);
    if (role != Qt::DisplayRole)
        return {};
    if (column == Name)
        return versionText(version.version);
    if (column == Events)
        return seen_text(version.seen);
    return contract_cell(version.contract.get(), column);
}

QVariant CatalogueModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal || section < 0 || section >= ColumnCount)
        return {};
    if (role == Qt::TextAlignmentRole)
        return is_number(section)
                   ? right_aligned()
                   : QVariant::fromValue(Qt::Alignment(Qt::AlignLeft | Qt::AlignVCenter));
    if (role == Qt::DisplayRole) {
        const QString titles[] = {tr("Event type"), tr("Share"),    tr("Seen"),
                                  tr("Fields"),     tr("Personal"), tr("Owner")};
        return titles[section];
    }
    if (role == Qt::ToolTipRole) {
        const QString why[] = {tr("Event types, and their versions"),
                               tr("Which share of the type's events is of each version"),
                               tr("Events seen since the observation began"),
                               tr("Fields that the contract names"),
                               tr("Fields that hold personal data"),
                               tr("Who answers for the contract")};
        return why[section];
    }
    return {};
}

QString CatalogueModel::typeText(const std::string& type) {
    return type.empty() ? tr("(no type)") : shown_text(type);
}

QString CatalogueModel::versionText(const std::string& version) {
    return version.empty() ? tr("(no version)") : tr("version %1").arg(shown_text(version));
}

QString CatalogueModel::standingText(Standing standing) {
    switch (standing) {
    case Standing::Current:
        return tr("in force");
    case Standing::Deprecated:
        return tr("deprecated");
    case Standing::Removed:
        return tr("removed");
    case Standing::Unversioned:
        return tr("judged by the newest");
    case Standing::NoContract:
        return tr("no contract");
    }
    return {};
}

} // namespace weir
