package instagram

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/igv1/instagram/internal/wire"
)

// Each field of a model has one row in its table, and each row has a field: what the table does not
// say is neither read nor written.
func TestTablesHaveARowForEachField(t *testing.T) {
	covers(t, &mediaTable)
	covers(t, &carouselTable)
	covers(t, &attributionTable)
	covers(t, &commentTable)
	covers(t, &commentsTable)
	covers(t, &likesTable)
	covers(t, &imagesTable)
	covers(t, &videosTable)
	covers(t, &imageTable)
	covers(t, &locationTable)
	covers(t, &userInPhotoTable)
	covers(t, &positionTable)
	covers(t, &userTable)
	covers(t, &userCountsTable)
	covers(t, &userShortTable)
	covers(t, &tagTable)
	covers(t, &relationshipTable)
	covers(t, &relationshipStatusTable)
	covers(t, &metaTable)
	covers(t, &paginationTable)
	covers(t, &subscriptionTable)
	covers(t, &updateTable)
	covers(t, &updateDataTable)
	covers(t, &graphUpdateTable)
	covers(t, &graphUpdateValueTable)
	covers(t, &graphUpdateUserTable)
	covers(t, &graphUpdateMediaTable)
	covers(t, &embedTable)
	covers(t, &graphCursorsTable)
	covers(t, &graphMediaTable)
	covers(t, &graphChildrenTable)
	covers(t, &graphPartTable, "Children")
	assert.True(t, reflect.TypeFor[CaptionData]().ConvertibleTo(reflect.TypeFor[CommentEntry]()), "captions are read by the table of comments")
}

// covers checks a table, less the fields that it leaves out on purpose.
func covers[T any](t *testing.T, table *wire.Table[T], without ...string) {
	t.Helper()
	model := new(T)
	rows := map[uintptr]string{reflect.ValueOf(table.Extra(model)).Pointer(): "Extra"}
	names := map[string]bool{}
	for _, row := range table.Rows {
		for _, name := range []string{row.Name, row.Older} {
			require.False(t, name != "" && names[name], "%T has two rows for %s", *model, name)
			names[name] = true
		}
		if row.Field == nil {
			require.NotNil(t, row.Late, "the row %s of %T has no field", row.Name, *model)
			continue
		}
		field := reflect.ValueOf(row.Field(model)).Pointer()
		require.Empty(t, rows[field], "%s and %s of %T have one field", row.Name, rows[field], *model)
		rows[field] = row.Name + " "
	}
	value := reflect.ValueOf(model).Elem()
	for i := range value.NumField() {
		name := value.Type().Field(i).Name
		pointer := value.Field(i).Addr().Pointer()
		if row, ok := rows[pointer]; assert.Equal(t, !slices.Contains(without, name), ok, "the field %s of %T", name, *model) && ok {
			require.NotEmpty(t, row)
			delete(rows, pointer)
		}
	}
	assert.Empty(t, rows, "rows of %T that are for no field of it", *model)
}

// A model without a table would be found only when it is read.
func TestModelsAreReadByTheirTables(t *testing.T) {
	for _, table := range []any{
		tableOf[MediaEntry](), tableOf[CommentEntry](), tableOf[UserInfo](), tableOf[UserShortInfo](), tableOf[TagInfo](), tableOf[LocationInfo](),
		tableOf[RelationshipInfo](), tableOf[RelationshipStatus](), tableOf[GraphMedia](), tableOf[Subscription](),
	} {
		assert.NotNil(t, table)
	}
}
