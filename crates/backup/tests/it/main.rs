mod capture;
mod restore;
mod connect;
mod look;
mod world;
