"""Judge what YouTube answered: stored records and observations → new records and events; pure.

- judge: the verdict on one resource
- brake: whether a run is stopped, as one endpoint alone reports too much missing
- flapping: resources that become missing and available again, over and over
- policy: how much evidence a verdict needs
- playlist_diff: stored members and a listing → the members now, and the changes
- similarity: playlists that share most of their videos
"""
