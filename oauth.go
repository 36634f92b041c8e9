package instagram

// A Scope is a permission that a user grants an app when signing in.
type Scope string

// The scopes of the API.
const (
	ScopeBasic         Scope = "basic"          // profile and media of the user; granted by default
	ScopePublicContent Scope = "public_content" // profiles and media of others
	ScopeFollowerList  Scope = "follower_list"  // lists of followers and follows
	ScopeComments      Scope = "comments"       // posting and deleting comments
	ScopeRelationships Scope = "relationships"  // following and unfollowing
	ScopeLikes         Scope = "likes"          // liking and unliking
)
