// SPDX-FileCopyrightText: The Weir authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// The catalogue as a list: broken contract files, event types, and below each type its versions. It
// can be narrowed by words that stand in a type, its owner, its file or its fields. New counts
// change rows in place; what came or went is inserted or removed, so that selection and scroll
// position stay.
// Thread contract: GUI thread only. Bound: the catalogue's.
#pragma once

#include <QAbstractItemModel>
#include <QStringList>

#include <memory>
#include <vector>

#include "models/catalogue/catalogue.h"

namespace weir {

class CatalogueModel : public QAbstractItemModel {
    Q_OBJECT
  public:
    enum Column { Name, Share, Events, Fields, Personal, Owner, ColumnCount };
    enum class Kind { Problem, Type, Version };
    enum Role {
        KindRole = Qt::UserRole + 1, // Kind, as an int
        KeyRole,    // QString, unique and stable: what is chosen, and where Back returns to
        NoteRole,   // QString: "newest 3", "deprecated", "no contract"
        AlarmRole,  // bool: the note is one to look at
        SharesRole, // QVariantList of doubles, newest version first; empty: nothing was seen
        ShadeRole,  // int: place of a version within its type, 0 is the newest
    };
    explicit CatalogueModel(QObject* parent = nullptr);
    ~CatalogueModel() override;

    void setCatalogue(std::shared_ptr<const Catalogue> catalogue);
    const std::shared_ptr<const Catalogue>& catalogue() const { return m_catalogue; }
    /// Only what has all these words; in any case.
    void setFilter(const QString& words);
    const QString& filter() const { return m_filter; }

    /// Null: the row is of another kind.
    const CatalogueType* typeAt(const QModelIndex& index) const;
    const CatalogueVersion* versionAt(const QModelIndex& index) const;
    const Error* problemAt(const QModelIndex& index) const;
    static QString typeKey(const std::string& type);
    static QString versionKey(const std::string& type, const std::string& version);
    QModelIndex indexOf(const QString& key) const;

    /// How a type or version that events do not say is called.
    static QString typeText(const std::string& type);
    static QString versionText(const std::string& version);
    static QString standingText(Standing standing);

    QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    QModelIndex parent(const QModelIndex& child) const override;
    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation,
                        int role = Qt::DisplayRole) const override;

  private:
    struct Row;
    using Rows = std::vector<std::unique_ptr<Row>>;
    Rows wantedRows() const;
    void refresh();
    void merge(const QModelIndex& parent, Rows& rows, Rows wanted);
    bool matches(const CatalogueType& type) const;
    bool matches(const Error& problem) const;
    const Row* rowAt(const QModelIndex& index) const;
    QModelIndex indexOf(const Row* row, int column) const;
    QVariant problemData(const Error& problem, int column, int role) const;
    QVariant typeData(const CatalogueType& type, int column, int role) const;
    QVariant versionData(const CatalogueType& type, const CatalogueVersion& version, int column,
                         int role) const;

    std::shared_ptr<const Catalogue> m_catalogue;
    QString m_filter;
    QStringList m_words;
    Rows m_rows;
};

} // namespace weir
